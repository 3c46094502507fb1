import { Client } from 'pg';
import { StoreUnavailable } from '@libs/redis';
import { DenyList } from '../src/application/sessions/deny-list';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { answer, Authenticator, claimsOf, enrol, login, mailbox, MovedClock } from './authenticator';

const EMAIL = 'dona@estrela.example';

let auth: AuthUnderTest;
let clock: MovedClock;
let admin: Client;
let app: Authenticator;
let recoveryCodes: string[];
let token: string;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  clock = new MovedClock(auth);
  mailbox(auth);
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  await auth.register('estrela');
});
afterAll(async () => {
  clock?.restore();
  await admin?.end();
  await auth?.stop();
});

const challenge = async () => (await login(auth, EMAIL, PASSWORD)).body.challengeId;
const stepUp = (body: object, as = token) =>
  auth.call<{ tokens: { accessToken: string; refreshToken?: string }; challengeId: string; code: string }>(
    '/api/v1/auth/step-up',
    { token: as, body },
  );
const post = (path: string, as: string, body?: object) =>
  auth.call(`/api/v1/auth/${path}`, { method: 'POST', token: as, body });

describe('enrolling an authenticator', () => {
  it('asks for a sign-in at most 5 min old', async () => {
    const { accessToken } = await auth.login('estrela');
    await clock.advance(301);
    expect(await post('mfa/totp', accessToken)).toMatchObject({
      status: 403,
      body: { code: 'step_up_required' },
    });
  });

  it('shows a secret, its URI and a QR code, and asks for nothing before a code of it was right', async () => {
    const { accessToken } = await auth.login('estrela');
    const { status, body, headers } = await post('mfa/totp', accessToken);
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    const secret = String(body['secret']);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(String(body['otpauthUri']));
    expect(decodeURIComponent(uri.pathname)).toContain(EMAIL);
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret, issuer: 'MoneyFlow' });
    const [head, data = ''] = String(body['qrCode']).split(',');
    expect(head).toBe('data:image/svg+xml;base64');
    expect(Buffer.from(data, 'base64').toString()).toContain('<svg');
    expect(await post('mfa/totp/verify', accessToken, { code: '000000' })).toMatchObject({
      status: 401,
      body: { code: 'wrong_code' },
    });
    expect((await login(auth, EMAIL, PASSWORD)).body.tokens).toBeDefined();
  });

  it('ends every other session, and gives ten recovery codes', async () => {
    const [mine, other] = [await auth.login('estrela'), await auth.login('estrela')];
    ({ app, recoveryCodes } = await enrol(auth, mine.accessToken));
    token = mine.accessToken;
    expect(new Set(recoveryCodes).size).toBe(10);
    expect((await auth.me(other.accessToken)).status).toBe(401);
    expect((await auth.refresh(other.refreshToken)).status).toBe(401);
    expect((await auth.me(token)).body).toMatchObject({ mfa: { enabled: true, methods: ['totp'] } });
  });

  it('keeps neither secret nor recovery codes readable', async () => {
    const { rows } = await admin.query<{ line: string }>(
      'select t::text || coalesce((select string_agg(r::text, $1) from auth.recovery_code r), $1) as line from auth.totp t',
      [','],
    );
    expect(rows).toHaveLength(1);
    for (const code of recoveryCodes) expect(rows[0]?.line).not.toContain(code.replaceAll('-', ''));
    const { rows: entries } = await admin.query<{ action: string }>('select action from auth.audit_entry');
    expect(entries.map(({ action }) => action)).toContain('totp.enrolled');
  });

  it('begins with no code of the present step: it was spent on enrolling', async () => {
    expect(await answer(auth, await challenge(), app.shown)).toMatchObject({ body: { code: 'wrong_code' } });
  });
});

describe('recovery codes, while the deny list is away', () => {
  it('are shown all the same: nobody could show them again', async () => {
    await auth.register('sem-lista');
    const [{ accessToken }, other] = [await auth.login('sem-lista'), await auth.login('sem-lista')];
    const publish = jest
      .spyOn(auth.app.get(DenyList, { strict: false }), 'publish')
      .mockRejectedValue(new StoreUnavailable());
    const enrolled = await enrol(auth, accessToken);
    const renewed = await post('mfa/recovery-codes', accessToken);
    publish.mockRestore();
    expect(enrolled.recoveryCodes).toHaveLength(10);
    expect(renewed).toMatchObject({ status: 200, body: { recoveryCodes: expect.any(Array) as string[] } });
    expect((await auth.refresh(other.refreshToken)).status).toBe(401);
  });
});

describe('signing in with a second factor', () => {
  beforeEach(() => clock.advance(60));

  it('asks for a code after the password, and gives tokens that say how', async () => {
    const asked = await login(auth, EMAIL, PASSWORD);
    expect(asked).toMatchObject({
      status: 200,
      body: { mfaRequired: true, challenge: 'SOFTWARE_TOKEN_MFA', expiresIn: 300 },
    });
    expect(asked.headers['cache-control']).toBe('no-store');
    expect(Object.keys(asked.body).sort()).toEqual(['challenge', 'challengeId', 'expiresIn', 'mfaRequired']);
    const { body, headers } = await answer(auth, asked.body.challengeId, app.code());
    expect(headers['cache-control']).toBe('no-store');
    expect(claimsOf(body.tokens.accessToken)['amr']).toEqual(['pwd', 'otp', 'mfa']);
    expect((await auth.me(body.tokens.accessToken)).status).toBe(200);
    token = body.tokens.accessToken;
  });

  it('takes the code of a neighbouring step, and none further away', async () => {
    await clock.toMidStep();
    for (const steps of [-2, 2])
      expect((await answer(auth, await challenge(), app.code(steps))).body.code).toBe('wrong_code');
    expect((await answer(auth, await challenge(), app.code(-1))).status).toBe(200);
    expect((await answer(auth, await challenge(), app.code(1))).status).toBe(200);
  });

  it('takes no code twice, nor an earlier one after a later one', async () => {
    expect((await answer(auth, await challenge(), app.code())).status).toBe(200);
    expect((await answer(auth, await challenge(), app.shown)).body.code).toBe('wrong_code');
    expect((await answer(auth, await challenge(), app.code(-1))).body.code).toBe('wrong_code');
  });

  it('lets one of many win who bring one code to as many challenges at once', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, challenge));
    const code = app.code();
    const answers = await Promise.all(ids.map((id) => answer(auth, id, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('judges one of many answers that come to one challenge at once', async () => {
    const id = await challenge();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => answer(auth, id, String(100_000 + i))),
    );
    const judged = answers.filter(({ body }) => body.code === 'wrong_code');
    expect(judged.length).toBeLessThan(5);
    expect(answers.every(({ status }) => status === 401)).toBe(true);
  });

  it('ends a challenge at the fifth wrong answer, even for the right one after it', async () => {
    const id = await challenge();
    const codes: unknown[] = [];
    for (let i = 0; i < 5; i++) codes.push((await answer(auth, id, '000000')).body.code);
    expect(codes).toEqual(['wrong_code', 'wrong_code', 'wrong_code', 'wrong_code', 'challenge_ended']);
    expect((await answer(auth, id, app.code())).body.code).toBe('challenge_ended');
  });

  it('lets a challenge wait 300 s and not longer, however often it is tried', async () => {
    const id = await challenge();
    await clock.advance(290);
    expect((await answer(auth, id, '000000')).body.code).toBe('wrong_code');
    await clock.advance(11);
    expect((await answer(auth, id, app.code())).body.code).toBe('challenge_ended');
  });

  it('takes a challenge once', async () => {
    const id = await challenge();
    expect((await answer(auth, id, app.code())).status).toBe(200);
    await clock.advance(30);
    expect((await answer(auth, id, app.code())).body.code).toBe('challenge_ended');
  });

  it.each([
    ['a user name', EMAIL],
    ['an id with a bit changed', 'changed'],
    ['an id that was never given', 'A'.repeat(43)],
    ['a path', '../../etc/passwd'],
  ])('opens nothing for %s', async (_name, text) => {
    const id = await challenge();
    const tried = text === 'changed' ? `${id.startsWith('A') ? 'B' : 'A'}${id.slice(1)}` : text;
    expect(await answer(auth, tried, app.code())).toMatchObject({
      status: 401,
      body: { code: 'challenge_ended' },
    });
    expect((await answer(auth, id, app.code())).status).toBe(200);
  });

  it('goes through the general challenge route just as well', async () => {
    const body = { challengeId: await challenge(), code: app.code() };
    expect((await auth.call('/api/v1/auth/challenge', { body })).status).toBe(200);
  });

  it('is void when the password changed between the steps', async () => {
    const id = await challenge();
    await admin.query(`update auth.user set password_hash = 'another one' where email = $1`, [EMAIL]);
    expect((await answer(auth, id, app.code())).body.code).toBe('challenge_ended');
    await admin.query(
      `update auth.user set password_hash =
         (select password_hash from auth.user where email = 'modelo@estrela.example') where email = $1`,
      [EMAIL],
    );
  });

  beforeAll(async () => {
    // Somebody with the same password, to put it back from.
    await auth.register('modelo', { email: 'modelo@estrela.example' });
  });
});

describe('recovery codes', () => {
  beforeEach(() => clock.advance(60));

  it('stand in for a code once each, in any spelling, and leave a trace', async () => {
    const [first = ''] = recoveryCodes;
    const spelt = ` ${first.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'i')} `;
    const { status, body } = await answer(auth, await challenge(), spelt);
    expect(status).toBe(200);
    token = body.tokens.accessToken;
    expect((await answer(auth, await challenge(), first)).body.code).toBe('wrong_code');
    const { rows } = await admin.query(`select 1 from auth.audit_entry where action = 'recovery_code.used'`);
    expect(rows).toHaveLength(1);
  });

  it('let one of many win who bring the same one at once', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, challenge));
    const answers = await Promise.all(ids.map((id) => answer(auth, id, recoveryCodes[1] ?? '')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("are of no use to another person's sign-in", async () => {
    await auth.register('outra');
    await enrol(auth, (await auth.login('outra')).accessToken);
    const other = await login(auth, 'dona@outra.example', PASSWORD);
    expect((await answer(auth, other.body.challengeId, recoveryCodes[2] ?? '')).body.code).toBe('wrong_code');
  });

  it('are all replaced by new ones, which asks for a fresh proof and ends other sessions', async () => {
    const { body } = await answer(auth, await challenge(), app.code());
    const renewed = await post('mfa/recovery-codes', body.tokens.accessToken);
    expect(renewed.status).toBe(200);
    expect((await auth.me(token)).status).toBe(401);
    token = body.tokens.accessToken;
    expect((await answer(auth, await challenge(), recoveryCodes[3] ?? '')).body.code).toBe('wrong_code');
    recoveryCodes = (renewed.body as unknown as { recoveryCodes: string[] }).recoveryCodes;
    expect((await answer(auth, await challenge(), recoveryCodes[0] ?? '')).status).toBe(200);
  });
});

describe('proving oneself again', () => {
  beforeEach(() => clock.advance(400));

  it('takes a code alone: the same session, a fresh time, the refresh token as it is', async () => {
    const { tokens } = (await answer(auth, await challenge(), app.code())).body;
    await clock.advance(400);
    expect((await post('mfa/recovery-codes', tokens.accessToken)).body['code']).toBe('step_up_required');
    const { status, body } = await stepUp({ code: app.code() }, tokens.accessToken);
    expect(status).toBe(200);
    expect(body.tokens.refreshToken).toBeUndefined();
    const [before, after] = [claimsOf(tokens.accessToken), claimsOf(body.tokens.accessToken)];
    expect(after['sid']).toBe(before['sid']);
    expect(Number(after['auth_time'])).toBeGreaterThanOrEqual(Number(before['auth_time']) + 400);
    const renewed = await post('mfa/recovery-codes', body.tokens.accessToken);
    expect(renewed.status).toBe(200);
    recoveryCodes = (renewed.body as unknown as { recoveryCodes: string[] }).recoveryCodes;
  });

  it('is a proof of the access token that it gave alone: who has a copy of the refresh token gets none', async () => {
    const { tokens } = (await answer(auth, await challenge(), app.code())).body;
    await clock.advance(400);
    const { body } = await stepUp({ code: app.code() }, tokens.accessToken);
    const stolen = (await auth.refresh(tokens.refreshToken)).body.tokens.accessToken;
    expect(claimsOf(stolen)['auth_time']).toBe(claimsOf(tokens.accessToken)['auth_time']);
    expect((await post('mfa/recovery-codes', stolen)).body['code']).toBe('step_up_required');
    const renewed = await post('mfa/recovery-codes', body.tokens.accessToken);
    expect(renewed.status).toBe(200);
    recoveryCodes = (renewed.body as unknown as { recoveryCodes: string[] }).recoveryCodes;
  });

  it('takes a password only together with the second factor', async () => {
    const tokens = (await answer(auth, await challenge(), app.code())).body.tokens;
    token = tokens.accessToken;
    await clock.advance(400);
    const asked = await stepUp({ password: PASSWORD });
    expect(asked.body).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
    expect(asked.body.tokens).toBeUndefined();
    const { status, body } = await answer(auth, asked.body.challengeId, app.code());
    expect(status).toBe(200);
    expect(claimsOf(body.tokens.accessToken)['sid']).toBe(claimsOf(token)['sid']);
  });

  it('refuses a wrong password, a wrong code, a spent code, and neither', async () => {
    token = (await answer(auth, await challenge(), app.code())).body.tokens.accessToken;
    expect((await stepUp({ password: 'errada mas comprida' })).body.code).toBe('invalid_credentials');
    expect((await stepUp({ code: '000000' })).body.code).toBe('wrong_code');
    expect((await stepUp({ code: app.shown })).body.code).toBe('wrong_code');
    expect((await stepUp({})).status).toBe(400);
  });

  it('does nothing for a session that ended meanwhile', async () => {
    token = (await answer(auth, await challenge(), app.code())).body.tokens.accessToken;
    await clock.advance(60);
    const asked = await stepUp({ password: PASSWORD });
    await post('logout', token);
    expect((await answer(auth, asked.body.challengeId, app.code())).body.code).toBe('challenge_ended');
  });

  it('takes the password alone of who has no second factor, and tells so when a code is given', async () => {
    await auth.register('simples');
    const { accessToken } = await auth.login('simples');
    await clock.advance(400);
    expect((await stepUp({ code: '123456' }, accessToken)).body.code).toBe('no_authenticator');
    const { body } = await stepUp({ password: PASSWORD }, accessToken);
    expect((await post('mfa/totp', body.tokens.accessToken)).status).toBe(200);
  });
});

describe('replacing and removing an authenticator', () => {
  beforeEach(() => clock.advance(60));

  it('keeps the former one until the new one is verified, and forgets it then', async () => {
    token = (await answer(auth, await challenge(), app.code())).body.tokens.accessToken;
    const begun = await post('mfa/totp', token);
    const next = new Authenticator(String(begun.body['secret']));
    await clock.advance(30);
    expect((await answer(auth, await challenge(), next.code())).body.code).toBe('wrong_code');
    expect((await answer(auth, await challenge(), app.code())).status).toBe(200);
    expect((await post('mfa/totp/verify', token, { code: next.code() })).status).toBe(200);
    await clock.advance(30);
    expect((await answer(auth, await challenge(), app.code())).body.code).toBe('wrong_code');
    expect((await answer(auth, await challenge(), next.code())).status).toBe(200);
    app = next;
  });

  it('does not verify an enrolment older than 15 min, nor one that never began', async () => {
    token = (await answer(auth, await challenge(), app.code())).body.tokens.accessToken;
    const next = new Authenticator(String((await post('mfa/totp', token)).body['secret']));
    await clock.advance(840);
    expect((await post('mfa/totp/verify', token, { code: '000000' })).body['code']).toBe('wrong_code');
    await clock.advance(61);
    // The access token has run out by now as well.
    token = (await answer(auth, await challenge(), app.code())).body.tokens.accessToken;
    expect((await post('mfa/totp/verify', token, { code: next.code() })).body['code']).toBe(
      'no_totp_enrolment',
    );
  });

  it('asks for a fresh proof to be removed; then the password does alone, and challenges under way end', async () => {
    token = (await answer(auth, await challenge(), app.code())).body.tokens.accessToken;
    const waiting = await challenge();
    const remove = () => auth.call('/api/v1/auth/mfa/totp', { method: 'DELETE', token });
    await clock.advance(301);
    expect((await remove()).status).toBe(403);
    token = (await stepUp({ code: app.code() })).body.tokens.accessToken;
    const still = await challenge();
    expect((await remove()).status).toBe(204);
    await clock.advance(30);
    for (const id of [waiting, still])
      expect((await answer(auth, id, app.code())).body.code).toBe('challenge_ended');
    expect((await login(auth, EMAIL, PASSWORD)).body.tokens).toBeDefined();
    expect((await auth.me(token)).body).toMatchObject({ mfa: { enabled: false, methods: [] } });
  });
});
