import { cognitoSettings } from '@libs/aws';
import { ConfigOf, defineConfig, integer, string } from '@libs/config';
import { databaseSettings, relaySettings } from '@libs/database';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { messagingSettings } from '@libs/messaging';
import { redisSettings } from '@libs/redis';
import { hostSettings, securitySettings } from '@libs/security';

// auth verifies with its own keys and needs no address to fetch them from.
const { issuer, audience } = securitySettings();

const signing = {
  privateKey: string('JWT_PRIVATE_KEY', {
    optional: true,
    secret: true,
    about:
      'PEM of the RSA key (2,048 bits or more) that signs access tokens; line breaks may be written \\n. Without it auth makes one and keeps it, encrypted, in its database.',
  }),
  secret: string('AUTH_KEY_SECRET', {
    secret: true,
    minLength: 32,
    about:
      'What the keys are derived from that encrypt what auth keeps secret in its database and that chain its audit log. Keep it: without it neither can be read again.',
  }),
};

/** The environment of auth. */
export const authConfig = defineConfig({
  http: httpSettings({ port: 3001 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  relay: relaySettings(),
  redis: redisSettings(),
  messaging: messagingSettings(),
  tokens: { issuer, audience },
  hosts: hostSettings(),
  signing,
  cognito: cognitoSettings(),
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
