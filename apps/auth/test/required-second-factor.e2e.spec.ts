import { Client } from 'pg';
import { Mailbox } from '@libs/testing';
import { AuthUnderTest, PASSWORD, Tokens, outcome } from './auth-under-test';
import { answer, Authenticator, claimsOf, enrol, login, MovedClock, SignIn } from './authenticator';
import { Company } from './company';
import { GoogleJourney, googleEnvironment } from './google-journey';
import { OpenIdProviderUnderTest } from './openid-provider';

interface SetUp extends SignIn {
  secret: string;
  otpauthUri: string;
  qrCode: string;
  recoveryCodes: string[];
}

let auth: AuthUnderTest;
let provider: OpenIdProviderUnderTest;
let mailbox: Mailbox;
let clock: MovedClock;
let admin: Client;
let made = 0;

beforeAll(async () => {
  provider = await OpenIdProviderUnderTest.start();
  mailbox = await Mailbox.open();
  auth = await AuthUnderTest.start({ ...googleEnvironment(provider.issuer), SMTP_URL: mailbox.url });
  clock = new MovedClock(auth);
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  clock?.restore();
  await admin?.end();
  await auth?.stop();
  await mailbox?.close();
  await provider?.stop();
});

const signIn = async (email: string) => (await login(auth, email, PASSWORD)).body as SetUp;
const challenged = (challengeId: string, code: string) =>
  auth.call<SetUp>('/api/v1/auth/challenge', { body: { challengeId, code } });
const removeTotp = (token: string) => auth.call('/api/v1/auth/mfa/totp', { method: 'DELETE', token });

/** A company, whose owner has an authenticator and signed in with it. */
async function company() {
  const it = await Company.found(auth, mailbox, `exigente-${++made}`);
  const { app } = await enrol(auth, it.owner);
  const require = (requireSecondFactor: boolean, as?: string) =>
    it.call('', { method: 'PATCH', body: { requireSecondFactor }, as });
  return { it, app, require, email: `dona@${it.subdomain}.example` };
}

/** One that asks for second factors, with a member who signed in before it did, and has none. */
async function strictCompany() {
  const strict = await company();
  const member = await strict.it.member('gerente', 'admin');
  expect(outcome(await strict.require(true))).toBe('200');
  return { ...strict, member };
}

describe('a tenant that asks for second factors', () => {
  it('is made so by who has one, and tells and writes down that it is', async () => {
    const { it: estrela, require } = await company();
    expect((await estrela.call('')).body).toMatchObject({ requireSecondFactor: false });
    expect((await require(true)).body).toMatchObject({ requireSecondFactor: true });
    expect((await estrela.call('')).body).toMatchObject({ requireSecondFactor: true });
    const { rows } = await admin.query<{ details: object }>(
      `select details from auth.audit_entry e join auth.tenant t on t.id = e.tenant_id
       where action = 'tenant.changed' and subdomain = $1`,
      [estrela.subdomain],
    );
    expect(rows).toEqual([{ details: { requireSecondFactor: 'true', requireSecondFactorBefore: 'false' } }]);
    expect((await require(false)).body).toMatchObject({ requireSecondFactor: false });
  });

  it('is not made so by who has none, by who may not, nor by anything but true', async () => {
    const estrela = await Company.found(auth, mailbox, `exigente-${++made}`);
    const change = (body: object, as?: string) => estrela.call('', { method: 'PATCH', body, as });
    expect(outcome(await change({ requireSecondFactor: true }))).toBe('422 second_factor_missing');
    const viewer = await estrela.member('olheira', 'viewer');
    expect(outcome(await change({ requireSecondFactor: true }, viewer.tokens.accessToken))).toBe(
      '403 insufficient_scope',
    );
    for (const requireSecondFactor of ['true', 1, null, {}])
      expect((await change({ requireSecondFactor })).status).toBe(400);
    expect((await estrela.call('')).body).toMatchObject({ requireSecondFactor: false });
    await clock.advance(301);
    expect(outcome(await change({ requireSecondFactor: true }))).toBe('403 step_up_required');
  });

  it('has who has none enrol one at the sign-in, and lets them in with both factors', async () => {
    const { member } = await strictCompany();
    const asked = await signIn(member.email);
    expect(asked).toMatchObject({ mfaRequired: true, challenge: 'MFA_SETUP', expiresIn: 300 });
    expect(asked.tokens).toBeUndefined();
    expect(asked.otpauthUri).toContain(encodeURIComponent(member.email));
    expect(asked.qrCode).toMatch(/^data:image\/svg\+xml;base64,/);
    const app = new Authenticator(asked.secret);
    expect(outcome(await challenged(asked.challengeId, '000000'))).toBe('401 wrong_code');
    const entered = await challenged(asked.challengeId, app.code());
    expect(entered.headers['cache-control']).toBe('no-store');
    expect(claimsOf(entered.body.tokens.accessToken)['amr']).toEqual(['pwd', 'otp', 'mfa']);
    expect(entered.body.recoveryCodes).toHaveLength(10);
    expect(outcome(await challenged(asked.challengeId, app.code(1)))).toBe('401 challenge_ended');
    expect((await auth.refresh(entered.body.tokens.refreshToken)).status).toBe(200);
    // from now on it is asked for, and its recovery codes are good
    const next = await signIn(member.email);
    expect(next).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
    expect((await answer(auth, next.challengeId, entered.body.recoveryCodes[0] ?? '')).status).toBe(200);
    const { rows } = await admin.query(
      `select action from auth.audit_entry where target = $1 and action = 'totp.enrolled'`,
      [member.id],
    );
    expect(rows).toHaveLength(1);
  });

  it('sees to it within the life of an access token that sessions from before are proven by both', async () => {
    const { it: estrela, member } = await strictCompany();
    const { accessToken, refreshToken } = member.tokens;
    expect((await auth.me(accessToken)).status).toBe(200);
    expect(outcome(await auth.refresh(refreshToken))).toBe('401 second_factor_required');
    expect(outcome(await auth.refresh(refreshToken))).toBe('401 second_factor_required');
    // neither does proving oneself again by password alone prolong it
    const again = await auth.call<SetUp>('/api/v1/auth/step-up', {
      token: accessToken,
      body: { password: PASSWORD },
    });
    expect(again.body).toMatchObject({ challenge: 'MFA_SETUP' });
    expect(again.body.tokens).toBeUndefined();
    // the owner enrolled in the session they have: it goes on
    expect((await auth.me(estrela.owner)).status).toBe(200);
    const app = new Authenticator(again.body.secret);
    const entered = await challenged(again.body.challengeId, app.code());
    expect(claimsOf(entered.body.tokens.accessToken)).toMatchObject({
      sid: claimsOf(accessToken)['sid'],
      amr: ['pwd', 'otp', 'mfa'],
    });
    expect((await auth.refresh(refreshToken)).status).toBe(200);
  });

  it('takes a session in which an authenticator was enrolled, and the one of who asked for it', async () => {
    const estrela = await Company.found(auth, mailbox, `exigente-${++made}`);
    const owner = await auth.login(estrela.subdomain);
    await enrol(auth, owner.accessToken);
    const body = { requireSecondFactor: true };
    expect((await estrela.call('', { method: 'PATCH', body, as: owner.accessToken })).status).toBe(200);
    const refreshed = await auth.refresh(owner.refreshToken);
    expect(refreshed.status).toBe(200);
    expect(claimsOf(refreshed.body.tokens.accessToken)['amr']).toEqual(
      expect.arrayContaining(['pwd', 'otp', 'mfa']),
    );
  });

  it('lets nobody in by Google alone either', async () => {
    const { it: estrela } = await strictCompany();
    const person = { sub: `g-${made}`, email: `g-${made}@gmail.example`, email_verified: true, name: 'Ana' };
    await estrela.invite(person.email, 'viewer');
    const invitation = await estrela.linkTo(person.email);
    const journey = new GoogleJourney(auth, provider);
    const asked = (await journey.signIn(person, { invitation })).body as unknown as SetUp;
    expect(asked).toMatchObject({ challenge: 'MFA_SETUP' });
    expect(asked.otpauthUri).toContain(encodeURIComponent(person.email));
    const entered = await challenged(asked.challengeId, new Authenticator(asked.secret).code());
    expect(claimsOf(entered.body.tokens.accessToken)['amr']).toEqual(['fed', 'otp', 'mfa']);
    const second = await new GoogleJourney(auth, provider).signIn(person);
    expect(second.body).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
  });

  it('never has an authenticator replaced by a set-up that was begun before there was one', async () => {
    const { member } = await strictCompany();
    const [first, second] = [await signIn(member.email), await signIn(member.email)];
    const app = new Authenticator(first.secret);
    const thief = new Authenticator(second.secret);
    expect((await challenged(first.challengeId, app.code())).status).toBe(200);
    expect(outcome(await challenged(second.challengeId, thief.code()))).toBe('401 challenge_ended');
    await clock.advance(30);
    const next = await signIn(member.email);
    expect(outcome(await answer(auth, next.challengeId, thief.code()))).toBe('401 wrong_code');
    expect((await answer(auth, next.challengeId, app.code())).status).toBe(200);
  });

  it('lets one of many win who set one up at once', async () => {
    const { member } = await strictCompany();
    const asked = await Promise.all(Array.from({ length: 8 }, () => signIn(member.email)));
    const answers = await Promise.all(
      asked.map(({ challengeId, secret }) => challenged(challengeId, new Authenticator(secret).code())),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('keeps its people from giving theirs up, until it asks for none any more', async () => {
    const { it: estrela, app, require, email } = await strictCompany();
    await clock.advance(30);
    const { challengeId } = await signIn(email);
    const tokens: Tokens = (await answer(auth, challengeId, app.code())).body.tokens;
    expect(outcome(await removeTotp(tokens.accessToken))).toBe('409 second_factor_required');
    expect((await require(false, tokens.accessToken)).status).toBe(200);
    expect((await removeTotp(tokens.accessToken)).status).toBe(204);
    expect((await estrela.call('', { as: tokens.accessToken })).status).toBe(200);
    // what the session was proven by is no second factor any more
    await auth.call('/api/v1/auth/mfa/totp', { method: 'POST', token: tokens.accessToken });
    const refreshed = await auth.refresh(tokens.refreshToken);
    expect(claimsOf(refreshed.body.tokens.accessToken)['amr']).toEqual(['pwd']);
  });
});
