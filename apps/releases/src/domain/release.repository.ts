import { PostedRelease, Release } from './release';

/** What became of releases that were offered to the ledger. */
export interface Addition {
  /** Part of the ledger from now on. */
  added: PostedRelease[];
  /** Their id was in the ledger before, with this input. */
  known: { release: Release; inputHash: string }[];
}

export abstract class ReleaseRepository {
  /**
   * Adds what is not there yet, in one statement however many; the ids are distinct.
   * @throws the database's data fault when one of them cannot be stored: then none was
   */
  abstract addAll(releases: readonly PostedRelease[]): Promise<Addition>;
}
