import { Denial } from '../domain/denial.repository';

/** Where every service looks for ended sessions. */
export abstract class DenyList {
  /** Resolves when every service can see them. Rejects when the store is away; a later reconciliation adds them. */
  abstract publish(denials: readonly Denial[]): Promise<void>;
}
