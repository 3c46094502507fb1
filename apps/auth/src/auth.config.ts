import { ConfigOf, defineConfig, derived, integer, SettingProblem, string } from '@libs/config';
import { databaseSettings, relaySettings } from '@libs/database';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { messagingSettings } from '@libs/messaging';
import { redisSettings } from '@libs/redis';
import { securitySettings } from '@libs/security';

// auth verifies with its own keys and needs no address to fetch them from.
const { issuer, audience } = securitySettings();

const signing = derived(
  {
    privateKey: string('JWT_PRIVATE_KEY', {
      optional: true,
      secret: true,
      about:
        'PEM of the RSA key (2,048 bits or more) that signs access tokens; line breaks may be written \\n. Without it auth makes one and keeps it, encrypted, in its database.',
    }),
    secret: string('AUTH_KEY_SECRET', {
      optional: true,
      secret: true,
      minLength: 32,
      about: 'Encrypts the signing keys that auth keeps in its database; needed without JWT_PRIVATE_KEY.',
    }),
  },
  (given) => {
    if (!given.privateKey && !given.secret)
      throw new SettingProblem('are both missing: give AUTH_KEY_SECRET, or a key of your own');
    return given;
  },
);

/** The environment of auth. */
export const authConfig = defineConfig({
  http: httpSettings({ port: 3001 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  relay: relaySettings(),
  redis: redisSettings(),
  messaging: messagingSettings(),
  tokens: { issuer, audience },
  signing,
  hashing: {
    concurrency: integer('AUTH_HASH_CONCURRENCY', {
      default: 2,
      min: 1,
      max: 64,
      about: 'How many passwords are hashed at once, at 19 MiB and one thread each.',
    }),
    queue: integer('AUTH_HASH_QUEUE', {
      default: 64,
      min: 0,
      about: 'How many sign-ins may wait for that; the next one gets 503.',
    }),
  },
  loginLimit: integer('RATE_LIMIT_LOGIN_PER_15_MIN', {
    default: 5,
    min: 0,
    about: 'Sign-ins tried in any 15 min, per address and per account; 0 switches the limit off.',
  }),
});

export type AuthConfig = ConfigOf<typeof authConfig>;
