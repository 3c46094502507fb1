import { Clock } from '@libs/kernel';
import { JwksSource } from '@libs/security';
import { ACCESS_TOKEN_SECONDS } from '../../domain/session';
import { SigningJwk, SigningKey } from './signing-key';

/** A key and when it begins to sign: until then it is only published, so that every verifier knows it by then. */
export interface TimedKey extends SigningKey {
  readonly activatesAt: Date;
}

/**
 * How long a key stays published once the next one signs: the life of the last token it signed, 30 s of skew at the
 * verifier, and 90 s for the clocks of several instances of auth.
 */
export const PUBLISHED_AFTER_MS = (ACCESS_TOKEN_SECONDS + 120) * 1000;

/** The keys this process signs with and publishes; also where its own guard gets the public halves from. */
export class SigningKeys extends JwksSource {
  private keys: readonly TimedKey[] = [];

  constructor(
    keys: readonly TimedKey[],
    private readonly clock: Clock,
  ) {
    super();
    this.replace(keys);
  }

  /** @throws Error without a key: who has none left keeps what it had */
  replace(keys: readonly TimedKey[]): void {
    if (keys.length === 0) throw new Error('there is no signing key');
    this.keys = keys.toSorted((one, other) => other.activatesAt.getTime() - one.activatesAt.getTime());
  }

  /** The one that signs now: the last that began to. */
  current(): SigningKey {
    const now = this.clock.now();
    const current = this.keys.find(({ activatesAt }) => activatesAt <= now) ?? this.keys.at(-1);
    if (!current) throw new Error('there is no signing key');
    return current;
  }

  /** Newest first: those that will sign, the one that does, and those whose tokens may still be about. */
  published(): SigningJwk[] {
    const gone = this.clock.now().getTime() - PUBLISHED_AFTER_MS;
    return this.keys
      .filter((_key, at) => at === 0 || (this.keys[at - 1]?.activatesAt.getTime() ?? 0) > gone)
      .map(({ jwk }) => jwk);
  }

  has(kid: string): boolean {
    return this.keys.some((key) => key.kid === kid);
  }

  load(): Promise<SigningJwk[]> {
    return Promise.resolve(this.published());
  }
}
