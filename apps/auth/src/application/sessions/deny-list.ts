import { Denial } from '../../domain/denial.repository';

/** Where every service looks for ended sessions. */
export abstract class DenyList {
  /** Resolves when every service can see them; rejects when the store is away. */
  abstract publish(denials: readonly Denial[]): Promise<void>;

  /** Whether it may lack something: its store lost its memory, or a `publish` failed. Rejects when it is away. */
  abstract isIncomplete(): Promise<boolean>;
}
