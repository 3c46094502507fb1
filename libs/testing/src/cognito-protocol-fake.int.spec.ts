import { createHmac } from 'node:crypto';
import { CognitoProtocolFake } from './cognito-protocol-fake';

const EMAIL = 'dona@padaria.example';
const PASSWORD = 'Correto cavalo bateria 7';
const SECRET = 'a client secret';
const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

let fake: CognitoProtocolFake;
beforeEach(async () => {
  fake = await CognitoProtocolFake.start({ clientSecret: SECRET });
});
afterEach(() => fake.stop());

interface Answer {
  status: number;
  type?: string;
  message?: string;
  body: Record<string, unknown> & {
    Session?: string;
    AuthenticationResult?: { AccessToken: string; RefreshToken: string };
  };
}

async function call(operation: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(fake.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const json = (await answer.json()) as Answer['body'];
  const { __type: type, message } = json as { __type?: string; message?: string };
  return { status: answer.status, type, message, body: json };
}
const hash = (username: string, secret = SECRET) =>
  createHmac('sha256', secret)
    .update(username + fake.clientId)
    .digest('base64');
const signIn = (parameters: object = {}) =>
  call('InitiateAuth', {
    ClientId: fake.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: EMAIL, PASSWORD, SECRET_HASH: hash(EMAIL), ...parameters },
  });
const respond = (Session: string | undefined, responses: object, ChallengeName = 'SOFTWARE_TOKEN_MFA') =>
  call('RespondToAuthChallenge', {
    ClientId: fake.clientId,
    ChallengeName,
    Session,
    ChallengeResponses: responses,
  });

describe('the strict Cognito', () => {
  it.each([
    ['none', undefined],
    ['of another secret', 'other'],
  ])('refuses a SECRET_HASH: %s', async (_name, secret) => {
    fake.pool.add({ email: EMAIL, password: PASSWORD });
    const answer = await signIn({ SECRET_HASH: secret && hash(EMAIL, secret) });
    expect(answer).toMatchObject({ status: 400, type: 'NotAuthorizedException' });
    expect(answer.message).toMatch(/secret/i);
  });

  it('refuses a second factor without its USERNAME, hash, Session or right challenge', async () => {
    const { sub } = fake.pool.add({
      email: EMAIL,
      password: PASSWORD,
      factors: ['SOFTWARE_TOKEN_MFA'],
      authenticator: TOTP_SECRET,
    });
    const { Session } = (await signIn()).body;
    const right = {
      USERNAME: sub,
      SECRET_HASH: hash(sub),
      SOFTWARE_TOKEN_MFA_CODE: fake.codeOf(TOTP_SECRET),
    };
    const without = (name: string) => ({ ...right, [name]: undefined });
    expect(await respond(Session, without('USERNAME'))).toMatchObject({ type: 'InvalidParameterException' });
    expect(await respond(Session, without('SECRET_HASH'))).toMatchObject({ type: 'NotAuthorizedException' });
    expect(await respond(undefined, right)).toMatchObject({ type: 'InvalidParameterException' });
    expect(await respond('f'.repeat(200), right)).toMatchObject({ message: 'Invalid session for the user.' });
    expect(await respond(Session, right, 'SMS_MFA')).toMatchObject({ type: 'NotAuthorizedException' });
    // The alias, hashed rightly, is still not the name that the Session is for.
    const alias = { ...right, USERNAME: EMAIL, SECRET_HASH: hash(EMAIL) };
    expect(await respond(Session, alias)).toMatchObject({ type: 'NotAuthorizedException' });
    expect(await respond(Session, right)).toMatchObject({ status: 200 });
    expect((await respond(Session, right)).message).toMatch(/used once/);
    const again = (await signIn()).body.Session;
    expect(await respond(again, right)).toMatchObject({ type: 'ExpiredCodeException' });
    fake.advance(181);
    expect((await respond(again, right)).message).toMatch(/expired/);
  });

  it('takes no token back after a global sign-out, and a rotated one once', async () => {
    fake.pool.add({ email: EMAIL, password: PASSWORD });
    const { AccessToken, RefreshToken } = (await signIn()).body.AuthenticationResult ?? {};
    const refresh = (token: unknown, ClientSecret: string | undefined = SECRET) =>
      call('GetTokensFromRefreshToken', { ClientId: fake.clientId, ClientSecret, RefreshToken: token });
    expect(await refresh(RefreshToken, 'other')).toMatchObject({ type: 'NotAuthorizedException' });
    const next = (await refresh(RefreshToken)).body.AuthenticationResult;
    expect(next?.RefreshToken).toEqual(expect.any(String));
    expect(await refresh(RefreshToken)).toMatchObject({ type: 'RefreshTokenReuseException' });
    expect(await call('GlobalSignOut', { AccessToken })).toMatchObject({ status: 200 });
    expect(await refresh(next?.RefreshToken)).toMatchObject({ message: 'Refresh Token has been revoked' });
    expect(await call('GetUser', { AccessToken })).toMatchObject({
      message: 'Access Token has been revoked',
    });
    expect(await call('GetUser', { AccessToken: 'x' })).toMatchObject({ message: 'Invalid Access Token' });
    const old = { ClientId: fake.clientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: {} };
    expect(await call('InitiateAuth', old)).toMatchObject({ type: 'InvalidParameterException' });
  });

  it.each([
    ['another operation', 'AdminCreateUser', {}],
    ['a member that is no operation', 'constructor', {}],
    ['another content type', 'GetUser', { 'content-type': 'application/json' }],
  ])('speaks no other protocol: %s', async (_name, operation, headers) => {
    expect((await call(operation, {}, headers)).status).toBe(400);
  });

  it('locks an account after five wrong passwords, for longer each time', async () => {
    fake.pool.add({ email: EMAIL, password: PASSWORD });
    for (let tries = 0; tries < 5; tries++) await signIn({ PASSWORD: 'wrong' });
    expect(await signIn()).toMatchObject({ message: 'Password attempts exceeded' });
    fake.advance(2);
    expect(await signIn()).toMatchObject({ status: 200 });
  });
});
