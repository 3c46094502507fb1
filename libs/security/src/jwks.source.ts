/** One public key of RFC 7517, as far as we read it. */
export interface PublicJwk {
  kty?: string;
  kid?: string;
  use?: string;
  alg?: string;
  n?: string;
  e?: string;
  [member: string]: unknown;
}

/** Where the public keys come from: auth over HTTP, or, inside auth, its own key ring. */
export abstract class JwksSource {
  /** Rejects when the source is away or answers nonsense. */
  abstract load(): Promise<readonly PublicJwk[]>;
}

const MAX_BYTES = 65_536;
const TIMEOUT_MS = 3_000;

export class HttpJwksSource extends JwksSource {
  constructor(private readonly url: string) {
    super();
  }

  async load(): Promise<readonly PublicJwk[]> {
    const response = await fetch(this.url, {
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json' },
    });
    if (!response.ok) throw new Error(`the JWKS endpoint answered ${response.status}`);
    const text = await response.text();
    if (text.length > MAX_BYTES) throw new Error('the JWKS is too large');
    const { keys } = JSON.parse(text) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new Error('the JWKS has no keys');
    return keys as PublicJwk[];
  }
}
