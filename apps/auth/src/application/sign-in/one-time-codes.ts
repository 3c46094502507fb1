/** Codes that authenticator apps make (RFC 6238), and the codes that replace a lost one. */
export abstract class OneTimeCodes {
  /** A new secret for an authenticator app: 160 random bits in Base32. */
  abstract newSecret(): string;

  /** The 30-second step that this code belongs to, of the present one and its two neighbours. */
  abstract stepOf(secret: string, code: string, now: Date): number | undefined;

  /** New recovery codes with the hashes to keep of them. */
  abstract newRecoveryCodes(count: number): { code: string; hash: Buffer }[];

  /** @returns nothing when the text cannot be a recovery code, in whatever case and grouping it was typed */
  abstract recoveryHash(text: string): Buffer | undefined;
}
