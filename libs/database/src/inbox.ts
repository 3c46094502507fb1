/** What was received: the envelope's `id` and its tenant. */
export interface Reception {
  tenantId: string;
  id: string;
}

/** Remembers which messages had their effect, in the transaction of that effect. */
export abstract class Inbox {
  /**
   * Records the messages under `consumer` and tells which of them are new; the others already had their effect.
   * One statement. Call it inside a TenantTransaction opened for all their tenants.
   * @returns the ids recorded just now
   */
  abstract claim(consumer: string, messages: readonly Reception[]): Promise<ReadonlySet<string>>;

  /** Forgets messages received before `before`, of the tenants of the open transaction. @returns how many */
  abstract purge(before: Date): Promise<number>;
}
