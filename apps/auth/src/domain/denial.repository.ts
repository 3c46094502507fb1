/** A member of the deny list and until when it must be refused. */
export interface Denial {
  /** What is refused: a session's tokens, an API key, or whatever acts for a tenant. */
  subject: 'session' | 'key' | 'tenant';
  id: string;
  until: Date;
}

/** The deny list at rest: what every other place of it is rebuilt from. */
export abstract class DenialRepository {
  abstract add(denials: readonly Denial[]): Promise<void>;
  /** For who cannot reach the deny list from here: a running auth publishes them. */
  abstract addUnpublished(denials: readonly Denial[]): Promise<void>;
  abstract unpublished(): Promise<Denial[]>;
  abstract markPublished(denials: readonly Denial[]): Promise<void>;
  abstract unexpired(now: Date): Promise<Denial[]>;
  /** Forgets those that ended. */
  abstract purge(now: Date): Promise<void>;
}
