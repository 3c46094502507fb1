import { cognitoSettings } from '@libs/aws';
import { ConfigOf, defineConfig, derived, integer, oneOf, SettingProblem, url } from '@libs/config';
import { databaseSettings, relaySettings } from '@libs/database';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { messagingSettings } from '@libs/messaging';
import { redisSettings } from '@libs/redis';
import { apiKeySettings, hostSettings, securitySettings } from '@libs/security';
import { googleSettings } from './infrastructure/google/google.settings';
import { dnsSettings } from './infrastructure/dns/dns.settings';
import { mailSettings } from './infrastructure/mail/mail.settings';
import { signingSettings } from './signing.settings';

// auth verifies with its own keys and needs no address to fetch them from.
const { issuer, audience, jwksRefreshSeconds } = securitySettings();

const invitationUrl = derived(
  {
    template: url('INVITATION_URL', {
      protocols: ['http', 'https'],
      default: 'http://localhost:3000/api/v1/invitations/{token}',
      example: 'https://app.company.example/convite#{token}',
      about:
        'Where the link of an invitation leads, `{token}` in it: a page of your frontend that shows GET /invitations/{token} and posts to its /accept. Behind # no web server logs it.',
    }),
  },
  ({ template }) => {
    if (!template.includes('{token}')) throw new SettingProblem('must have {token} in it');
    return template;
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
  tokens: { issuer, audience, jwksRefreshSeconds },
  hosts: hostSettings(),
  signing: signingSettings(),
  mail: mailSettings(),
  dnsServers: dnsSettings(),
  invitationUrl,
  apiKeys: apiKeySettings(),
  identity: {
    provider: oneOf('IDENTITY_PROVIDER', ['local', 'cognito'], {
      default: 'local',
      about: 'Who proves people: auth itself (Argon2id, TOTP, in its database), or AWS Cognito.',
    }),
    confirmation: oneOf('EMAIL_CONFIRMATION', ['optional', 'required'], {
      default: 'optional',
      about:
        'Whether somebody who registers must confirm the e-mail by a code before the first sign-in; of the local provider.',
    }),
  },
  cognito: cognitoSettings(),
  google: googleSettings(),
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
    about:
      'Sign-ins tried in any 15 min, per address and per account; other guesses and registrations follow it. 0 switches these limits off.',
  }),
});

export type AuthConfig = ConfigOf<typeof authConfig>;
