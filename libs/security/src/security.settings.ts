import { integer, string, url } from '@libs/config';

/** Also for the command that renews the key: nothing may be signed with one that services do not know yet. */
export function jwksRefreshSetting() {
  return integer('JWKS_REFRESH_SECONDS', {
    default: 60,
    min: 1,
    max: 300,
    about:
      'How long a service keeps the public keys before it asks for them again, in seconds; the same everywhere, for auth:rotate-key too.',
  });
}

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
    jwksRefreshSeconds: jwksRefreshSetting(),
  };
}

export interface SecuritySettings {
  jwksUrl?: string;
  issuer: string;
  audience: string;
  /** Default 60. */
  jwksRefreshSeconds?: number;
}
