import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { CognitoProtocolFake } from '@libs/testing';
import { Answer, AuthUnderTest, Tokens, outcome } from './auth-under-test';
import { Authenticator, claimsOf, enrol, mailbox, MovedClock, SignIn } from './authenticator';
import { COGNITO_PASSWORD as PASSWORD } from './cognito-under-test';
import { GoogleJourney, googleEnvironment } from './google-journey';
import { GooglePerson, OpenIdProviderUnderTest } from './openid-provider';

interface Body extends SignIn {
  secret: string;
  recoveryCodes: string[];
}

let fake: CognitoProtocolFake;
let google: OpenIdProviderUnderTest;
let auth: AuthUnderTest;
let clock: MovedClock;
let admin: Client;
let made = 0;

beforeAll(async () => {
  fake = await CognitoProtocolFake.start({ clientSecret: 'a client secret' });
  google = await OpenIdProviderUnderTest.start();
  auth = await AuthUnderTest.start({ ...fake.environment(), ...googleEnvironment(google.issuer) });
  clock = new MovedClock(auth);
  mailbox(auth);
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  clock?.restore();
  await admin?.end();
  await auth?.stop();
  await google?.stop();
  await fake?.stop();
});

const post = (path: string, body?: object, token?: string): Promise<Answer<Body>> =>
  auth.call<Body>(`/api/v1/auth/${path}`, { method: 'POST', body, token });
const journey = () => new GoogleJourney(auth, google);
const aPerson = (): GooglePerson => {
  const sub = randomUUID();
  return { sub, email: `${sub}@gmail.example`, email_verified: true, name: 'Dona da Padaria' };
};

/** Somebody whom Cognito knows. */
async function cognitoPerson() {
  const subdomain = `nuvem-${++made}`;
  const email = `dona@${subdomain}.example`;
  await auth.register(subdomain, { password: PASSWORD });
  await post('confirm', { email, code: fake.codeSentTo(email) });
  const signIn = () => post('login', { email, password: PASSWORD });
  const { tokens } = (await signIn()).body;
  return { subdomain, email, signIn, tokens };
}

/** Somebody whom Google alone knows, signed in. */
async function googlePerson(): Promise<{ person: GooglePerson; tokens: Tokens }> {
  const person = aPerson();
  const newTenant = { name: 'Padaria Aurora', subdomain: `aurora-${++made}` };
  const { body } = await journey().signIn(person, { newTenant });
  return { person, tokens: (body as unknown as Body).tokens };
}

describe('Google beside Cognito', () => {
  it('is no way round the second factor that Cognito keeps: it cannot be linked', async () => {
    const { tokens } = await cognitoPerson();
    const traveller = journey();
    const code = await traveller.codeFor(aPerson(), { purpose: 'link' });
    const body = { code, codeVerifier: traveller.codeVerifier };
    expect(outcome(await post('google/link', body, tokens.accessToken))).toBe('409 google_link_unavailable');
    const { rows } = await admin.query(`select 1 from auth.identity where issuer = $1`, [google.issuer]);
    expect(rows).toEqual([]);
  });

  it('signs nobody in who was linked while Cognito was not in charge, nor has them join anything', async () => {
    const { email } = await cognitoPerson();
    const person = aPerson();
    await admin.query(`insert into auth.identity select $1, $2, id, now() from auth.user where email = $3`, [
      google.issuer,
      person.sub,
      email,
    ]);
    expect(outcome(await journey().signIn(person))).toBe('403 google_sign_in_unavailable');
    const invitation = `mf_invite_${'A'.repeat(64)}`;
    expect(outcome(await journey().signIn(person, { invitation }))).toBe('403 google_sign_in_unavailable');
  });

  it('lets who exists by Google alone enrol an authenticator of ours, and asks for it', async () => {
    const { person, tokens } = await googlePerson();
    const { app, recoveryCodes } = await enrol(auth, tokens.accessToken);
    expect(recoveryCodes).toHaveLength(10);
    expect((await auth.me(tokens.accessToken)).body).toMatchObject({
      mfa: { enabled: true, methods: ['totp'] },
    });
    const asked = (await journey().signIn(person)).body;
    expect(asked).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
    expect(asked.tokens).toBeUndefined();
    await clock.advance(30);
    const entered = await post('mfa', { challengeId: asked.challengeId, code: app.code() });
    expect(claimsOf(entered.body.tokens.accessToken)['amr']).toEqual(['fed', 'otp', 'mfa']);
    await clock.advance(400);
    const again = await post('step-up', { code: recoveryCodes[0] }, entered.body.tokens.accessToken);
    expect(again.status).toBe(200);
    const token = again.body.tokens.accessToken;
    expect((await post('mfa/recovery-codes', undefined, token)).body.recoveryCodes).toHaveLength(10);
    expect((await auth.call('/api/v1/auth/mfa/totp', { method: 'DELETE', token })).status).toBe(204);
    expect((await journey().signIn(person)).body.tokens).toBeDefined();
  });

  it('keeps the authenticators of Cognito people at Cognito', async () => {
    const { tokens, signIn, email } = await cognitoPerson();
    const begun = await post('mfa/totp', undefined, tokens.accessToken);
    const code = fake.codeOf(begun.body.secret);
    expect((await post('mfa/totp/verify', { code }, tokens.accessToken)).status).toBe(200);
    const { rows } = await admin.query(
      'select 1 from auth.totp join auth.user on id = user_id where email = $1',
      [email],
    );
    expect(rows).toEqual([]);
    expect((await signIn()).body).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
  });

  it('proves nobody again by an authenticator of ours that is left from before', async () => {
    const { email, tokens } = await cognitoPerson();
    await admin.query(
      `insert into auth.totp (user_id, sealed_secret, enrolled_at) select id, 'x', now() from auth.user where email = $1`,
      [email],
    );
    expect(outcome(await post('step-up', { code: '123456' }, tokens.accessToken))).toBe(
      '409 no_authenticator',
    );
  });
});

describe('a tenant that asks for second factors, with Cognito', () => {
  const require = (token: string) =>
    auth.call<{ code?: string }>('/api/v1/tenants/me', {
      method: 'PATCH',
      token,
      body: { requireSecondFactor: true },
    });

  it('turns away who proved none at Cognito, and takes who did', async () => {
    const { subdomain, email, tokens, signIn } = await cognitoPerson();
    expect(outcome(await require(tokens.accessToken))).toBe('422 second_factor_missing');
    const { body } = await post('mfa/totp', undefined, tokens.accessToken);
    await post('mfa/totp/verify', { code: fake.codeOf(body.secret) }, tokens.accessToken);
    expect(outcome(await require(tokens.accessToken))).toBe('200');
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(200);
    const asked = (await signIn()).body;
    const entered = await post('mfa', {
      challengeId: asked.challengeId,
      code: fake.codeOf(body.secret, 1),
    });
    expect(claimsOf(entered.body.tokens.accessToken)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
    const remove = { method: 'DELETE', token: entered.body.tokens.accessToken } as const;
    expect(outcome(await auth.call('/api/v1/auth/mfa/totp', remove))).toBe('409 second_factor_required');

    // somebody whom the operator of the pool relieved of it
    fake.person(email).factors = [];
    expect(outcome(await post('login', { email, password: PASSWORD, tenant: subdomain }))).toBe(
      '403 second_factor_required',
    );
    expect(outcome(await post('step-up', { password: PASSWORD }, entered.body.tokens.accessToken))).toBe(
      '403 second_factor_required',
    );
  });

  it('has people of Google set up one of ours', async () => {
    const { person, tokens } = await googlePerson();
    await admin.query(
      `update auth.tenant set require_second_factor = true where id in
         (select tenant_id from auth.membership m join auth.user u on u.id = m.user_id where email = $1)`,
      [person.email],
    );
    expect(outcome(await auth.refresh(tokens.refreshToken))).toBe('401 second_factor_required');
    const asked = (await journey().signIn(person)).body as unknown as Body;
    expect(asked).toMatchObject({ challenge: 'MFA_SETUP' });
    const code = new Authenticator(asked.secret).code();
    const entered = await post('challenge', { challengeId: asked.challengeId, code });
    expect(entered.body.recoveryCodes).toHaveLength(10);
    expect(claimsOf(entered.body.tokens.accessToken)['amr']).toEqual(['fed', 'otp', 'mfa']);
  });
});
