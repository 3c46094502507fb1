import { KeyMaterial } from '../../domain/api-key';

/** A new key's text, which is shown once, and what is kept of it. */
export interface MintedKey extends KeyMaterial {
  text: string;
}

export abstract class ApiKeyMint {
  abstract mint(): MintedKey;
}
