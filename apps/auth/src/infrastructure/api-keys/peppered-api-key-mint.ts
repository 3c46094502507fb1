import { ApiKeyPeppers, mintApiKey } from '@libs/security';
import { ApiKeyMint, MintedKey } from '../../application/keys/api-key-mint';

/** Keys as every service of ours verifies them, under the newest secret of API_KEY_SECRET. */
export class PepperedApiKeyMint extends ApiKeyMint {
  constructor(private readonly peppers: ApiKeyPeppers) {
    super();
  }

  mint(): MintedKey {
    const { text, prefix } = mintApiKey();
    return { text, prefix, hmac: this.peppers.hmac(text), pepperVersion: this.peppers.version };
  }
}
