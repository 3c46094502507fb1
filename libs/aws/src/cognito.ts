import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { derived, SettingProblem, string, url } from '@libs/config';
import { awsSettings } from './aws.settings';

/** A user pool and the app client through which this program speaks to it. */
export interface CognitoSettings {
  region: string;
  userPoolId: string;
  clientId: string;
  /** Absent for a client without a secret. */
  clientSecret?: string;
  /** Absent for AWS itself. */
  endpoint?: string;
}

/** Shorter than for queues: a person waits, and a database transaction may. */
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECTION_TIMEOUT_MS = 2_000;
const SOCKETS = 32;

/** The pool, or nothing where no variable of it is given. */
export function cognitoSettings() {
  return derived(
    {
      region: awsSettings().region,
      userPoolId: string('COGNITO_USER_POOL_ID', {
        optional: true,
        pattern: /^[\w-]+_[0-9a-zA-Z]+$/,
        about: 'The user pool that proves people, where IDENTITY_PROVIDER is cognito.',
        example: 'sa-east-1_AbCdEfGhI',
      }),
      clientId: string('COGNITO_CLIENT_ID', {
        optional: true,
        pattern: /^[\w+]{1,128}$/,
        about: 'Its app client: USER_PASSWORD_AUTH on, user existence errors hidden.',
      }),
      clientSecret: string('COGNITO_CLIENT_SECRET', {
        optional: true,
        secret: true,
        about: 'Of that app client, where it has one; it should.',
      }),
      endpoint: url('COGNITO_ENDPOINT', {
        optional: true,
        protocols: ['http', 'https'],
        about: 'Where Cognito answers when it is not AWS: an emulator. Whoever answers there proves people.',
        example: 'http://localhost:9229',
      }),
    },
    ({ region, userPoolId, clientId, clientSecret, endpoint }): CognitoSettings | undefined => {
      if (!userPoolId && !clientId) return undefined;
      if (!userPoolId || !clientId)
        throw new SettingProblem('belong together: give COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID');
      // A pool's id begins with its region: the wrong one would be asked, and say that there is no such client.
      if (!endpoint && !userPoolId.startsWith(`${region}_`))
        throw new SettingProblem(`do not fit: the pool is not in ${region}`);
      return { region, userPoolId, clientId, clientSecret, endpoint: endpoint?.replace(/\/+$/, '') };
    },
  );
}

/** `iss` of the pool's tokens; an emulator signs in its own name. Its JWKS is at `<issuer>/.well-known/jwks.json`. */
export function cognitoIssuer({ endpoint, region, userPoolId }: CognitoSettings): string {
  return `${endpoint ?? `https://cognito-idp.${region}.amazonaws.com`}/${userPoolId}`;
}

/** A client for the calls that an app makes for a person; they are not signed. Whoever makes it destroys it. */
export function cognitoClient(settings: CognitoSettings): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region: settings.region,
    endpoint: settings.endpoint,
    maxAttempts: 2,
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Without this the SDK would log a warning and wait on.
      throwOnRequestTimeout: true,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
}
