import { SettingProblem, derived, string, url } from '@libs/config';

/** Sign-in with Google, where it is set up. */
export interface GoogleSettings {
  clientId: string;
  clientSecret: string;
  issuer: string;
  /** As it is registered with Google, to the letter. */
  redirectUri: string;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export function googleSettings() {
  return derived(
    {
      clientId: string('GOOGLE_CLIENT_ID', {
        optional: true,
        example: '1234567890-abc.apps.googleusercontent.com',
        about: 'The OAuth client for sign-in with Google; without it the routes answer 404.',
      }),
      clientSecret: string('GOOGLE_CLIENT_SECRET', {
        optional: true,
        secret: true,
        about: 'Of GOOGLE_CLIENT_ID.',
      }),
      issuer: url('GOOGLE_ISSUER', {
        default: 'https://accounts.google.com',
        protocols: ['https', 'http'],
        about: 'The OpenID provider, Google unless a test plays its part; http on the loopback only.',
      }),
      redirectUri: url('GOOGLE_REDIRECT_URI', {
        default: 'http://localhost:3000/api/v1/auth/google/callback',
        protocols: ['https', 'http'],
        about:
          'Where Google sends the browser back, as registered there; http on the loopback only. Frontends begin at the same origin, since the cookie is of that host.',
      }),
    },
    ({ clientId, clientSecret, issuer, redirectUri }): GoogleSettings | undefined => {
      if (!clientId && !clientSecret) return undefined;
      if (!clientId || !clientSecret)
        throw new SettingProblem('belong together: one of the first two is missing');
      for (const address of [issuer, redirectUri])
        if (!isSafe(new URL(address))) throw new SettingProblem('must be https, or http on the loopback');
      return { clientId, clientSecret, issuer, redirectUri };
    },
  );
}

/** Whether what travels there is safe from others: TLS, or it never leaves the machine. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || LOOPBACK.has(hostname);
}
