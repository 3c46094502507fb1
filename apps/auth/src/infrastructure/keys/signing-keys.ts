import { JwksSource } from '@libs/security';
import { SigningJwk, SigningKey } from './signing-key';

/** The keys this process signs with and publishes; also where its own guard gets the public halves from. */
export class SigningKeys extends JwksSource {
  /** @param keys newest first; the first one signs, all are published */
  constructor(private readonly keys: readonly [SigningKey, ...SigningKey[]]) {
    super();
  }

  current(): SigningKey {
    return this.keys[0];
  }

  published(): SigningJwk[] {
    return this.keys.map(({ jwk }) => jwk);
  }

  load(): Promise<SigningJwk[]> {
    return Promise.resolve(this.published());
  }
}
