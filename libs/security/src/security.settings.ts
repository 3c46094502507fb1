import { string, url } from '@libs/config';

/** How a service verifies access tokens; none of these is a secret, only auth holds a private key. */
export function securitySettings() {
  return {
    jwksUrl: url('AUTH_JWKS_URL', {
      optional: true,
      protocols: ['http', 'https'],
      example: 'http://localhost:3001/.well-known/jwks.json',
      about: 'Where the public keys of auth are fetched from; every service but auth itself needs it.',
    }),
    issuer: string('JWT_ISSUER', {
      default: 'moneyflow-api',
      about: 'The `iss` that access tokens carry and must carry.',
    }),
    audience: string('JWT_AUDIENCE', {
      default: 'moneyflow-client',
      about: 'The `aud` that access tokens carry and must carry.',
    }),
  };
}

export interface SecuritySettings {
  jwksUrl?: string;
  issuer: string;
  audience: string;
}
