import { createHash, createPrivateKey, createPublicKey, generateKeyPair, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** 128 bits of strength (NIST SP 800-57 part 1, table 2). */
const MODULUS_BITS = 3_072;
/** What an operator's own key must have at least. */
const MIN_MODULUS_BITS = 2_048;

/** The public half as the JWKS shows it. */
export interface SigningJwk {
  kty: string;
  use: 'sig';
  alg: 'RS256';
  kid: string;
  n: string;
  e: string;
  [member: string]: unknown;
}

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  jwk: SigningJwk;
}

export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  return signingKeyOf(privateKey);
}

/** Reads a PEM (PKCS#8 or PKCS#1). @throws Error when it is not an RSA private key of 2,048 bits or more */
export function readSigningKey(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (privateKey.asymmetricKeyType !== 'rsa' || bits < MIN_MODULUS_BITS)
    throw new Error(`an RSA private key of at least ${MIN_MODULUS_BITS} bits is needed`);
  return signingKeyOf(privateKey);
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const { kty, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (kty !== 'RSA' || !n || !e) throw new Error('not an RSA key');
  // RFC 7638: the thumbprint names a key by itself, so two machines with one key agree on its name.
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return { kid, privateKey, jwk: { kty, use: 'sig', alg: 'RS256', kid, n, e } };
}
