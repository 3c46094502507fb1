import { Client } from 'pg';
import { CognitoProtocolFake } from '@libs/testing';
import { EndAllSessions } from '../src/application/sessions/end-all-sessions';
import { Answer, AuthUnderTest, Tokens } from './auth-under-test';
import { COGNITO_PASSWORD as PASSWORD } from './cognito-under-test';

interface Body {
  code: string;
  tokens: Tokens;
  challenge: string;
  challengeId: string;
  secret: string;
  destination: string;
  options: string[];
}

const PHONE = '+5511987654321';
let fake: CognitoProtocolFake;
let auth: AuthUnderTest;
let admin: Client;

beforeAll(async () => {
  fake = await CognitoProtocolFake.start({ clientSecret: 'a client secret' });
  auth = await AuthUnderTest.start(fake.environment());
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
  await fake?.stop();
});
beforeEach(() => {
  fake.api.mfa = 'OPTIONAL';
  fake.outage = undefined;
});

const post = (path: string, body?: object, token?: string): Promise<Answer<Body>> =>
  auth.call<Body>(`/api/v1/auth/${path}`, { method: 'POST', body, token });
const login = (subdomain: string, password = PASSWORD) =>
  post('login', { email: emailOf(subdomain), password });
const emailOf = (subdomain: string) => `dona@${subdomain}.example`;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** Registers and confirms. */
async function person(subdomain: string): Promise<string> {
  await auth.register(subdomain, { password: PASSWORD });
  const email = emailOf(subdomain);
  const answer = await post('confirm', { email, code: fake.codeSentTo(email) });
  expect(answer.status).toBe(204);
  return email;
}
async function signedIn(subdomain: string, password = PASSWORD): Promise<Tokens> {
  const { status, body } = await login(subdomain, password);
  if (status !== 200 || !body.tokens) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body.tokens;
}

describe('auth with Cognito', () => {
  it('registers, confirms and signs in: the tokens are ours, and none of Cognito is readable anywhere', async () => {
    expect((await auth.register('estrela', { password: PASSWORD })).status).toBe(201);
    expect(await login('estrela')).toMatchObject({ status: 403, body: { code: 'email_not_confirmed' } });
    const email = emailOf('estrela');
    expect((await post('confirm/resend', { email })).status).toBeLessThan(300);
    expect(await post('confirm', { email, code: '0' })).toMatchObject({
      status: 422,
      body: { code: 'confirmation_failed' },
    });
    expect((await post('confirm', { email, code: fake.codeSentTo(email) })).status).toBe(204);
    const tokens = await signedIn('estrela');
    expect(claimsOf(tokens.accessToken)).toMatchObject({ iss: 'moneyflow-api', amr: ['pwd'], role: 'owner' });
    expect((await auth.me(tokens.accessToken)).body).toMatchObject({ mfa: { enabled: false } });
    const { rows } = await admin.query(
      `select (select string_agg(g::text || encode(sealed, 'escape'), '') from auth.session_grant g) as grants,
         (select password_hash from auth.user where email = $1) as hash`,
      [email],
    );
    expect(rows[0].hash).toBeNull();
    expect(rows[0].grants).not.toMatch(/eyJ[\w-]{9}|accessToken/);
  });

  it('makes nobody at Cognito for a registration that is refused here', async () => {
    const before = fake.pool.people.length;
    const refused = await auth.register('estrela', { password: PASSWORD, email: 'outra@x.example' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'subdomain_taken' } });
    expect(fake.pool.people).toHaveLength(before);
    const weak = await auth.register('lua', { password: 'sem maiuscula nem numero' });
    expect(weak).toMatchObject({ status: 422, body: { code: 'weak_password' } });
    const { rows } = await admin.query(`select 1 from auth.tenant where subdomain = 'lua'`);
    expect(rows).toEqual([]);
  });

  it('answers alike to a wrong password and to nobody', async () => {
    const { body: wrong, status } = await login('estrela', 'Wrong 1 password');
    const { body: nobody } = await login('ninguem');
    expect(status).toBe(401);
    expect({ ...nobody, requestId: '' }).toEqual({ ...wrong, requestId: '' });
  });

  it('keeps out who is in the pool and not with us', async () => {
    fake.pool.add({ email: 'intruso@x.example', password: PASSWORD });
    expect(await post('login', { email: 'intruso@x.example', password: PASSWORD })).toMatchObject({
      status: 403,
      body: { code: 'not_a_member' },
    });
  });

  it('enrols an authenticator in a session that another process opened, and asks for it from then on', async () => {
    await person('lunar');
    const { accessToken } = await signedIn('lunar');
    const another = await auth.another(fake.environment());
    const { body } = await another.call<Body>('/api/v1/auth/mfa/totp', {
      method: 'POST',
      token: accessToken,
    });
    await another.app.close();
    const spent = fake.codeOf(body.secret);
    const verified = await post('mfa/totp/verify', { code: spent }, accessToken);
    expect(verified.status).toBe(200);
    expect((await auth.me(accessToken)).body).toMatchObject({ mfa: { enabled: true, methods: ['totp'] } });

    const step = await login('lunar');
    expect(step.body).toMatchObject({ mfaRequired: true, challenge: 'SOFTWARE_TOKEN_MFA', expiresIn: 300 });
    const { challengeId } = step.body;
    // The code that enrolled it is spent.
    expect(await post('mfa', { challengeId, code: spent })).toMatchObject({
      status: 401,
      body: { code: 'wrong_code' },
    });
    const code = fake.codeOf(body.secret, 1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('mfa', { challengeId, code })));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(claimsOf(given[0]?.body.tokens.accessToken ?? '')).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });
    expect(await post('mfa', { challengeId, code })).toMatchObject({ body: { code: 'challenge_ended' } });
  });

  it('takes the code of an SMS, five tries at most, for that sign-in alone', async () => {
    const email = await person('solar');
    Object.assign(fake.person(email), { phone: PHONE, factors: ['SMS_MFA'] });
    const first = (await login('solar')).body;
    expect(first).toMatchObject({ challenge: 'SMS_MFA', destination: '+*********4321' });
    const wrong = (right: string) => (right === '000000' ? '000001' : '000000');
    for (let tries = 0; tries < 5; tries++)
      expect(
        (await post('mfa', { challengeId: first.challengeId, code: wrong(fake.codeSentTo(PHONE)) })).status,
      ).toBe(401);
    const ended = await post('mfa', { challengeId: first.challengeId, code: fake.codeSentTo(PHONE) });
    expect(ended.body.code).toBe('challenge_ended');
    const second = (await login('solar')).body;
    const code = fake.codeSentTo(PHONE);
    const { body } = await post('mfa', { challengeId: second.challengeId, code });
    expect(claimsOf(body.tokens.accessToken)).toMatchObject({ amr: ['pwd', 'sms', 'mfa'] });
  });

  it('leads through every challenge in a row: new password, set-up, choice', async () => {
    const email = await person('cometa');
    const at = fake.person(email);
    at.status = 'FORCE_CHANGE_PASSWORD';
    fake.api.mfa = 'ON';
    const asked = (await login('cometa')).body;
    expect(asked.challenge).toBe('NEW_PASSWORD_REQUIRED');
    const { challengeId } = asked;
    expect((await post('challenge', { challengeId, password: 'fraca demais' })).status).toBe(422);
    const setUp = (await post('challenge', { challengeId, password: 'Outra Senha 99' })).body;
    expect(setUp).toMatchObject({ challenge: 'MFA_SETUP', secret: expect.any(String) });
    const code = fake.codeOf(setUp.secret);
    const { body } = await post('challenge', { challengeId: setUp.challengeId, code });
    expect(claimsOf(body.tokens.accessToken)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] });

    Object.assign(at, { phone: PHONE, factors: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] });
    const choose = (await login('cometa', 'Outra Senha 99')).body;
    expect(choose).toMatchObject({ challenge: 'SELECT_MFA_TYPE', options: at.factors });
    const sms = (await post('challenge', { challengeId: choose.challengeId, choice: 'SMS_MFA' })).body;
    const last = await post('challenge', { challengeId: sms.challengeId, code: fake.codeSentTo(PHONE) });
    expect(last.body.tokens).toBeDefined();
  });

  it("lets nobody finish another person's sign-in by an id or a code of their own", async () => {
    const [victim, thief] = [await person('vitima'), await person('ladrao')];
    Object.assign(fake.person(victim), { phone: PHONE, factors: ['SMS_MFA'] });
    Object.assign(fake.person(thief), { phone: '+5511900000000', factors: ['SMS_MFA'] });
    const theirs = (await login('vitima')).body;
    const own = (await login('ladrao')).body;
    const [theirCode, ownCode] = [fake.codeSentTo(PHONE), fake.codeSentTo('+5511900000000')];
    if (theirCode !== ownCode) {
      expect((await post('mfa', { challengeId: theirs.challengeId, code: ownCode })).status).toBe(401);
      expect((await post('mfa', { challengeId: own.challengeId, code: theirCode })).status).toBe(401);
    }
    expect((await post('mfa', { challengeId: 'made-up', code: ownCode })).status).toBe(401);
  });

  it('proves again in the same session, and the session goes on acting at Cognito', async () => {
    await person('passo');
    const { accessToken } = await signedIn('passo');
    fake.grants.revokeAll(fake.person(emailOf('passo')));
    expect(await post('mfa/totp', undefined, accessToken)).toMatchObject({
      status: 403,
      body: { code: 'step_up_required' },
    });
    const fresh = await post('step-up', { password: PASSWORD }, accessToken);
    expect(claimsOf(fresh.body.tokens.accessToken)['sid']).toBe(claimsOf(accessToken)['sid']);
    expect((await post('mfa/totp', undefined, fresh.body.tokens.accessToken)).status).toBe(200);
  });

  it('changes and resets the password at Cognito, and ends our sessions', async () => {
    const email = await person('senha');
    const [here, there] = [await signedIn('senha'), await signedIn('senha')];
    const change = { currentPassword: PASSWORD, newPassword: 'Outra Senha 99' };
    expect((await post('password/change', change, here.accessToken)).status).toBe(204);
    expect((await auth.me(here.accessToken)).status).toBe(200);
    expect((await auth.me(there.accessToken)).status).toBe(401);
    expect((await login('senha')).status).toBe(401);

    expect((await post('password/forgot', { email })).status).toBeLessThan(300);
    const code = fake.codeSentTo(email);
    const reset = { email, code, password: 'Terceira Senha 3' };
    expect((await post('password/reset', reset)).status).toBe(204);
    expect((await auth.me(here.accessToken)).status).toBe(401);
    await signedIn('senha', 'Terceira Senha 3');
    const nobody = await post('password/forgot', { email: 'ninguem@x.example' });
    expect(nobody.status).toBeLessThan(300);
  });

  it('lets no session outlive a change at Cognito, also where nobody came to end it', async () => {
    await person('pane');
    const [here, there] = [await signedIn('pane'), await signedIn('pane')];
    const ending = jest.spyOn(auth.app.get(EndAllSessions, { strict: false }), 'execute');
    ending.mockRejectedValueOnce(new Error('the process has ended'));
    const change = { currentPassword: PASSWORD, newPassword: 'Outra Senha 99' };
    expect((await post('password/change', change, here.accessToken)).status).toBe(500);
    ending.mockRestore();
    expect((await auth.refresh(there.refreshToken)).body.code).toBe('invalid_refresh_token');
    expect((await auth.me(there.accessToken)).status).toBe(401);
  });

  it('signs out at Cognito too on logout-all', async () => {
    const email = await person('saida');
    const [here, there] = [await signedIn('saida'), await signedIn('saida')];
    expect((await post('logout-all', undefined, here.accessToken)).status).toBe(204);
    expect(fake.calls.at(-1)?.call).toBe('GlobalSignOut');
    for (const { accessToken, refreshToken } of [here, there]) {
      expect((await auth.me(accessToken)).status).toBe(401);
      expect((await auth.refresh(refreshToken)).status).toBe(401);
    }
    await signedIn('saida');
    const { rows } = await admin.query(
      `select count(*)::int as n from auth.session_grant g
       join auth.session s on (s.tenant_id, s.id) = (g.tenant_id, g.session_id)
       join auth.user u on u.id = s.user_id where u.email = $1`,
      [email],
    );
    expect(rows[0].n).toBe(1); // what the ended sessions held is gone
  });

  it('signs out here whether or not Cognito can be told', async () => {
    await person('surdo');
    const [here, there] = [await signedIn('surdo'), await signedIn('surdo')];
    fake.outage = 'failing';
    expect((await post('logout-all', undefined, here.accessToken)).status).toBe(204);
    for (const { accessToken } of [here, there]) expect((await auth.me(accessToken)).status).toBe(401);
  });

  it('goes on with the sessions there are while Cognito is away, and says so to who signs in', async () => {
    await person('apagao');
    const tokens = await signedIn('apagao');
    fake.outage = 'failing';
    const refused = await login('apagao');
    expect(refused).toMatchObject({ status: 503, body: { code: 'identity_provider_unavailable' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await auth.refresh(tokens.refreshToken)).status).toBe(200);
    const registering = await auth.register('sombra', { password: PASSWORD });
    expect(registering.status).toBe(503);
    fake.outage = undefined;
    expect((await auth.register('sombra', { password: PASSWORD })).status).toBe(201);
  });
});
