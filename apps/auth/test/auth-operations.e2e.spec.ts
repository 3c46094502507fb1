import { Client } from 'pg';
import { eventually } from '@libs/testing';
import { RateLimiter, StoreUnavailable } from '@libs/redis';
import { AuthUnderTest, configOf, PASSWORD } from './auth-under-test';
import { createAuthApp } from '../src/auth.app';

let auth: AuthUnderTest;
let admin: Client;

beforeAll(async () => {
  auth = await AuthUnderTest.start({ RATE_LIMIT_LOGIN_PER_15_MIN: '5' });
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  await auth.register('estrela');
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
});

const attempt = (from: string, email: string, password = PASSWORD) =>
  auth.call('/api/v1/auth/login', { from, body: { email, password } });
const statuses = async (attempts: Promise<{ status: number }>[]) =>
  (await Promise.all(attempts)).map(({ status }) => status).sort();

describe('login limits', () => {
  it('admits five tries per address, whoever is tried', async () => {
    const answers = await statuses(
      Array.from({ length: 8 }, (_, i) => attempt('198.51.100.1', `pessoa${i}@x.example`)),
    );
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  it('admits five tries per account, from wherever, in any spelling, even right ones', async () => {
    const answers = await statuses(
      Array.from({ length: 7 }, (_, i) =>
        attempt(`198.51.100.${10 + i}`, i % 2 ? 'DONA@estrela.example' : ' dona@estrela.example'),
      ),
    );
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429]);
  });

  it('says how many are left and when to come back', async () => {
    const first = await attempt('198.51.100.40', 'a@b.example');
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '5', 'ratelimit-remaining': '4' });
    for (let i = 0; i < 4; i++) await attempt('198.51.100.40', `a${i}@b.example`);
    const refused = await attempt('198.51.100.40', 'c@b.example');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800);
  });

  it('gets stricter, not open, while the store is away', async () => {
    const limiter = auth.app.get(RateLimiter, { strict: false });
    const away = jest.spyOn(limiter, 'consume').mockRejectedValue(new StoreUnavailable());
    try {
      const answers = await statuses(
        Array.from({ length: 6 }, (_, i) => attempt('198.51.100.60', `p${i}@away.example`)),
      );
      expect(answers).toEqual([401, 401, 401, 429, 429, 429]);
    } finally {
      away.mockRestore();
    }
  });
});

describe('signing keys', () => {
  it('are the same for instances that start at once, and are kept encrypted', async () => {
    await admin.query('delete from auth.signing_key');
    const others = await Promise.all([auth.another(), auth.another(), auth.another()]);
    try {
      const kids = await Promise.all(
        others.map(
          async (one) => (await one.call<{ keys: { kid: string }[] }>('/.well-known/jwks.json')).body.keys,
        ),
      );
      expect(new Set(kids.map((keys) => keys.map(({ kid }) => kid).join())).size).toBe(1);
    } finally {
      for (const one of others) await one.app.close();
    }
    const { rows } = await admin.query<{ line: string; sealed: Buffer }>(
      'select k::text as line, sealed_private_key as sealed from auth.signing_key k',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed.toString('latin1')).not.toContain('PRIVATE KEY');
    expect(rows[0]?.line).not.toContain('"d"');
  });

  it('stop the boot when AUTH_KEY_SECRET is another one', async () => {
    await expect(
      createAuthApp(configOf(auth.database, { AUTH_KEY_SECRET: 'another secret of thirty-two characters' })),
    ).rejects.toThrow(/AUTH_KEY_SECRET does not open the signing key/);
  });

  it('stop the boot when JWT_PRIVATE_KEY is no RSA key', async () => {
    await expect(createAuthApp(configOf(auth.database, { JWT_PRIVATE_KEY: 'nonsense' }))).rejects.toThrow(
      /JWT_PRIVATE_KEY is not usable/,
    );
  });
});

describe('facts', () => {
  it('leave in the transaction of what they tell of, and reach the log', async () => {
    const { body } = await auth.register('fatos');
    const tenantId = (body['tenant'] as { id: string }).id;
    const { refreshToken: _unused, accessToken } = await auth.login('fatos');
    await auth.call('/api/v1/auth/logout', { method: 'POST', token: accessToken });
    await eventually(async () => {
      const { rows } = await admin.query<{ topic: string; text: string }>(
        'select topic, b::text as text from event_log.batch b',
      );
      for (const topic of ['auth.user-registered.v1', 'auth.tenant-changed.v1', 'auth.session-revoked.v1'])
        expect(rows.some((row) => row.topic === topic && row.text.includes(tenantId))).toBe(true);
    });
  });
});
