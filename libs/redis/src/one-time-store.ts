export type Claim =
  /** The caller goes on; `token` is for `complete` or `release`. */
  | { readonly state: 'claimed'; readonly token: string }
  /** Somebody works on the same input. */
  | { readonly state: 'in_flight' }
  /** The key is taken by another input. */
  | { readonly state: 'mismatch' }
  | { readonly state: 'done'; readonly answer: string };

/** Things that may happen once: an idempotent request, a challenge, a code. Every method throws StoreUnavailable. */
export abstract class OneTimeStore {
  /** Takes the key for `leaseSeconds`; a claim neither completed nor released is free again after that. */
  abstract claim(key: string, inputHash: string, leaseSeconds: number): Promise<Claim>;

  /**
   * Keeps the answer for `ttlSeconds`. Does nothing when the lease ran out and another claim holds the key: the
   * other one's answer counts. When it ran out and nobody came, the answer is kept all the same.
   */
  abstract complete(key: string, token: string, answer: string, ttlSeconds: number): Promise<void>;

  /** Gives the key back, so that a failed attempt can be tried again; only the claim's own token can. */
  abstract release(key: string, token: string): Promise<void>;

  /** Keeps a value until it is taken, at most `ttlSeconds`. Its keys never meet those of `claim`. */
  abstract put(key: string, value: string, ttlSeconds: number): Promise<void>;

  /** Gets and deletes in one step: of any number of takers one gets it. */
  abstract take(key: string): Promise<string | undefined>;
}
