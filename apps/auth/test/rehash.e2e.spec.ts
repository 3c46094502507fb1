import { hash } from '@node-rs/argon2';
import { Client } from 'pg';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { answer, enrol, login } from './authenticator';

const PRESENT = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

describe('a password that was hashed by other parameters', () => {
  let auth: AuthUnderTest;
  let admin: Client;
  let made = 0;
  beforeAll(async () => {
    auth = await AuthUnderTest.start();
    admin = new Client({ connectionString: auth.database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin?.end();
    await auth?.stop();
  });

  const stored = async (email: string) => {
    const sql =
      'select password_hash as hash, credentials_changed_at as changed from auth.user where email = $1';
    return (await admin.query<{ hash: string; changed: Date | null }>(sql, [email])).rows[0];
  };
  const outdated = async () => {
    const subdomain = `antiga-${++made}`;
    const email = `dona@${subdomain}.example`;
    await auth.register(subdomain);
    const old = await hash(PASSWORD, { algorithm: 2, memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await admin.query('update auth.user set password_hash = $2 where email = $1', [email, old]);
    return { subdomain, email, old };
  };

  it('is hashed anew by the sign-in that brings it, and by no wrong one; no session ends by it', async () => {
    const { subdomain, email, old } = await outdated();
    expect((await login(auth, email, 'errada mas comprida')).status).toBe(401);
    expect(await stored(email)).toEqual({ hash: old, changed: null });
    const first = await auth.login(subdomain);
    expect(await stored(email)).toEqual({ hash: expect.stringMatching(PRESENT), changed: null });
    const kept = (await stored(email))?.hash;
    const second = await auth.login(subdomain);
    expect((await stored(email))?.hash).toBe(kept);
    for (const { refreshToken } of [first, second])
      expect((await auth.refresh(refreshToken)).status).toBe(200);
  });

  it('leaves the second factor of that very sign-in to be answered', async () => {
    const { subdomain, email, old } = await outdated();
    const { app } = await enrol(auth, (await auth.login(subdomain)).accessToken);
    await admin.query('update auth.user set password_hash = $2 where email = $1', [email, old]);
    const { challengeId } = (await login(auth, email, PASSWORD)).body;
    expect((await stored(email))?.hash).toMatch(PRESENT);
    expect((await answer(auth, challengeId, app.code(1))).status).toBe(200);
  });

  it('signs in many at once', async () => {
    const { email } = await outdated();
    const answers = await Promise.all(Array.from({ length: 8 }, () => login(auth, email, PASSWORD)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
    expect((await stored(email))?.hash).toMatch(PRESENT);
  });
});
