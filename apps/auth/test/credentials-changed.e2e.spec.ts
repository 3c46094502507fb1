import { Client } from 'pg';
import { EndAllSessions } from '../src/application/sessions/end-all-sessions';
import { PasswordHasher } from '../src/application/sign-in/password-hasher';
import { AuthUnderTest, PASSWORD, Tokens, outcome } from './auth-under-test';
import { answer, Authenticator, claimsOf, enrol, login, mailbox, MovedClock } from './authenticator';

const NEXT = 'outra senha bem comprida';
let auth: AuthUnderTest;
let clock: MovedClock;
let admin: Client;
let mails: ReturnType<typeof mailbox>;
let made = 0;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  clock = new MovedClock(auth);
  mails = mailbox(auth);
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  clock?.restore();
  await admin?.end();
  await auth?.stop();
});

const post = (path: string, body?: object, token?: string) =>
  auth.call<{ secret: string; code: string; recoveryCodes: string[] }>(`/api/v1/auth/${path}`, {
    method: 'POST',
    body,
    token,
  });
const removeTotp = (token: string) => auth.call('/api/v1/auth/mfa/totp', { method: 'DELETE', token });
const change = (token: string, currentPassword = PASSWORD, newPassword = NEXT) =>
  post('password/change', { currentPassword, newPassword }, token);

/** Somebody who signed in here and there. */
async function person(): Promise<{ subdomain: string; email: string; here: Tokens; there: Tokens }> {
  const subdomain = `troca-${++made}`;
  await auth.register(subdomain);
  const [here, there] = [await auth.login(subdomain), await auth.login(subdomain)];
  return { subdomain, email: `dona@${subdomain}.example`, here, there };
}

/** The process ends between the change and the end of the other sessions. */
function crashOnce(): void {
  jest
    .spyOn(auth.app.get(EndAllSessions, { strict: false }), 'execute')
    .mockRejectedValueOnce(new Error('the process has ended'));
}

describe('a session of before', () => {
  const changes: [string, (tokens: Tokens) => Promise<{ status: number }>][] = [
    [
      'a changed password',
      ({ accessToken }) => {
        crashOnce();
        return change(accessToken);
      },
    ],
    [
      'an authenticator that was enrolled',
      async ({ accessToken }) => {
        const { secret } = (await post('mfa/totp', undefined, accessToken)).body;
        crashOnce();
        return post('mfa/totp/verify', { code: new Authenticator(secret).code() }, accessToken);
      },
    ],
  ];

  it.each(changes)('ends at its refresh after %s, though nobody came to end it', async (_name, make) => {
    const { here, there } = await person();
    expect((await make(here)).status).toBe(500);
    expect((await auth.me(there.accessToken)).status).toBe(200);
    expect(outcome(await auth.refresh(there.refreshToken))).toBe('401 invalid_refresh_token');
    // it has ended, and its access token with it
    expect((await auth.me(there.accessToken)).status).toBe(401);
    const { rows } = await admin.query(`select ended_reason from auth.session where id = $1`, [
      claimsOf(there.accessToken)['sid'],
    ]);
    expect(rows).toEqual([{ ended_reason: 'credentials_changed' }]);
    const audit = await admin.query(
      `select details ->> 'reason' as reason from auth.audit_entry where action = 'session.ended' and target = $1`,
      [claimsOf(there.accessToken)['sid']],
    );
    expect(audit.rows).toEqual([{ reason: 'credentials_changed' }]);
    expect(outcome(await auth.refresh(there.refreshToken))).toBe('401 invalid_refresh_token');
  });

  it('ends at its refresh after a reset, the one of who reset it too', async () => {
    const { email, here, there } = await person();
    await post('password/forgot', { email });
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const text = mails.findLast(({ to }) => to === email)?.text ?? '';
    const code = /^ {4}(\S+)$/m.exec(text)?.[1];
    crashOnce();
    expect((await post('password/reset', { email, code, password: NEXT })).status).toBe(500);
    for (const { refreshToken } of [here, there])
      expect(outcome(await auth.refresh(refreshToken))).toBe('401 invalid_refresh_token');
    const { body } = await login(auth, email, NEXT);
    expect((await auth.refresh(body.tokens.refreshToken)).status).toBe(200);
  });

  it('ends although its refresh was under way, whichever of its tokens is brought', async () => {
    const { here, there } = await person();
    const successor = (await auth.refresh(there.refreshToken)).body.tokens;
    crashOnce();
    await change(here.accessToken);
    // within the grace: the answer may have been lost
    expect(outcome(await auth.refresh(there.refreshToken))).toBe('401 invalid_refresh_token');
    expect(outcome(await auth.refresh(successor.refreshToken))).toBe('401 invalid_refresh_token');
  });

  it('changes nothing any more while its access token lasts, and does not come back to life by trying', async () => {
    const { here, there } = await person();
    const { secret } = (await post('mfa/totp', undefined, there.accessToken)).body;
    crashOnce();
    await change(here.accessToken);
    const code = new Authenticator(secret).code();
    for (const attempt of [
      change(there.accessToken, NEXT, 'senha de outra pessoa'),
      post('mfa/totp/verify', { code }, there.accessToken),
      post('mfa/recovery-codes', undefined, there.accessToken),
      removeTotp(there.accessToken),
    ])
      expect(outcome((await attempt) as { status: number; body: { code?: string } })).toBe(
        '401 challenge_ended',
      );
    expect(outcome(await auth.refresh(there.refreshToken))).toBe('401 invalid_refresh_token');
  });

  it('is not proven again by a code alone: what it was proven by before is no factor any more', async () => {
    const { email, here } = await person();
    const { app } = await enrol(auth, here.accessToken);
    await clock.advance(30);
    const { challengeId } = (await login(auth, email, PASSWORD)).body;
    const there = (await answer(auth, challengeId, app.code())).body.tokens;
    await clock.advance(30);
    crashOnce();
    await change(here.accessToken);
    const code = app.code();
    expect(outcome(await post('step-up', { code }, there.accessToken))).toBe('401 challenge_ended');
    expect(outcome(await auth.refresh(there.refreshToken))).toBe('401 invalid_refresh_token');
  });

  it('may go on once its person was proven again by what is true now', async () => {
    const { here, there } = await person();
    crashOnce();
    await change(here.accessToken);
    const body = { password: NEXT };
    expect((await post('step-up', body, there.accessToken)).status).toBe(200);
    expect((await auth.refresh(there.refreshToken)).status).toBe(200);
  });
});

describe('the session in which something changed', () => {
  it('goes on, and so do sessions of later', async () => {
    const { subdomain, here, there } = await person();
    expect((await change(here.accessToken)).status).toBe(204);
    const next = await auth.refresh(here.refreshToken);
    expect(next.status).toBe(200);
    expect((await auth.refresh(there.refreshToken)).status).toBe(401);
    const later = await auth.login(subdomain, { password: NEXT });
    expect((await auth.refresh(later.refreshToken)).status).toBe(200);
    expect((await change(later.accessToken, NEXT, PASSWORD)).status).toBe(204);
    expect(outcome(await auth.refresh(next.body.tokens.refreshToken))).toBe('401 invalid_refresh_token');
    expect((await auth.refresh(later.refreshToken)).status).toBe(200);
  });

  it('goes on through every change of a second factor', async () => {
    const { here } = await person();
    let { refreshToken } = here;
    const refreshed = async () => {
      const { status, body } = await auth.refresh(refreshToken);
      ({ refreshToken } = body.tokens);
      return status;
    };
    await enrol(auth, here.accessToken);
    expect(await refreshed()).toBe(200);
    expect((await post('mfa/recovery-codes', undefined, here.accessToken)).status).toBe(200);
    expect(await refreshed()).toBe(200);
    expect((await removeTotp(here.accessToken)).status).toBe(204);
    expect(await refreshed()).toBe(200);
  });

  it('is not proven afresh by a changed password: a stolen one is no second factor', async () => {
    const { email, here } = await person();
    const { app } = await enrol(auth, here.accessToken);
    expect((await change(here.accessToken)).status).toBe(204);
    await clock.advance(400);
    expect(outcome(await change(here.accessToken, NEXT, PASSWORD))).toBe('403 step_up_required');
    const { body } = await auth.refresh(here.refreshToken);
    expect(outcome(await removeTotp(body.tokens.accessToken))).toBe('403 step_up_required');
    const { challengeId } = (await login(auth, email, NEXT)).body;
    expect((await answer(auth, challengeId, app.code())).status).toBe(200);
  });
});

describe('a sign-in that was under way while the password changed', () => {
  it('opens no session by the former one', async () => {
    const { email, here } = await person();
    const hasher = auth.app.get(PasswordHasher, { strict: false });
    const verify = hasher.verify.bind(hasher);
    let proven = (): void => undefined;
    const isProven = new Promise<void>((resolve) => (proven = resolve));
    let goOn = (): void => undefined;
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    jest.spyOn(hasher, 'verify').mockImplementationOnce(async (password, hash) => {
      const matches = await verify(password, hash);
      proven();
      await mayGoOn;
      return matches;
    });
    const signingIn = login(auth, email, PASSWORD);
    await isProven;
    expect((await change(here.accessToken)).status).toBe(204);
    goOn();
    expect(outcome(await signingIn)).toBe('401 challenge_ended');
    expect((await auth.refresh(here.refreshToken)).status).toBe(200);
  });

  it('leaves none alive, however the two meet', async () => {
    const { email, here } = await person();
    const many = Array.from({ length: 12 }, () => login(auth, email, PASSWORD));
    const changed = await change(here.accessToken);
    expect(changed.status).toBe(204);
    for (const { status, body } of await Promise.all(many))
      if (status === 200) expect((await auth.refresh(body.tokens.refreshToken)).status).toBe(401);
    const { rows } = await admin.query(
      `select s.id from auth.session s join auth.user u on u.id = s.user_id where email = $1 and ended_at is null`,
      [email],
    );
    expect(rows).toEqual([{ id: claimsOf(here.accessToken)['sid'] }]);
  });
});
