/** Hashes passwords slowly, on purpose, and never many at once. */
export abstract class PasswordHasher {
  /** @throws PasswordChecksBusy */
  abstract hash(password: string): Promise<string>;

  /**
   * Takes as long for an unknown account (`hash` undefined, answers false) as for a known one.
   * @throws PasswordChecksBusy
   */
  abstract verify(password: string, hash: string | undefined): Promise<boolean>;

  /** Whether it was made by other parameters than new ones are. */
  abstract isOutdated(hash: string): boolean;
}
