import { string } from '@libs/config';

/** What auth derives its own keys from. */
export function keySecretSetting() {
  return string('AUTH_KEY_SECRET', {
    secret: true,
    minLength: 32,
    about:
      'What the keys are derived from that encrypt what auth keeps secret in its database and that chain its audit log. Keep it: without it neither can be read again.',
  });
}

/** What signs access tokens. */
export function signingSettings() {
  return {
    privateKey: string('JWT_PRIVATE_KEY', {
      optional: true,
      secret: true,
      about:
        'PEM of the RSA key (2,048 bits or more) that signs access tokens; line breaks may be written \\n. Several, one after the other: the first signs, all are published. Without it auth makes one and keeps it, encrypted, in its database, where npm run auth:rotate-key renews it.',
    }),
    secret: keySecretSetting(),
  };
}
