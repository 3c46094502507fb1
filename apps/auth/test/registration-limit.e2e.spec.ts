import { RateLimiter, StoreUnavailable } from '@libs/redis';
import { AuthUnderTest, PASSWORD } from './auth-under-test';

describe('companies founded from one address', () => {
  let auth: AuthUnderTest;
  let made = 0;
  beforeAll(async () => {
    auth = await AuthUnderTest.start({ RATE_LIMIT_LOGIN_PER_15_MIN: '2' });
  });
  afterAll(() => auth?.stop());

  const register = (from: string) => {
    const subdomain = `fundada-${++made}`;
    const person = { email: `dona@${subdomain}.example`, password: PASSWORD, name: 'Dona da Padaria' };
    const body = { ...person, tenant: { name: 'Padaria Fundada Ltda', subdomain } };
    return auth.call('/api/v1/auth/register', { body, from });
  };
  const statuses = async (count: number, from: string) => {
    const answers = await Promise.all(Array.from({ length: count }, () => register(from)));
    return answers.map(({ status }) => status).sort();
  };

  it('are four an hour for each sign-in that 15 min admit, also by Google', async () => {
    expect(await statuses(10, '198.51.100.7')).toEqual([...Array<number>(8).fill(201), 429, 429]);
    const refused = await register('198.51.100.7');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_000);
    const founding = { code: 'c'.repeat(43), codeVerifier: 'v'.repeat(43) };
    const byGoogle = (body: object) =>
      auth.call('/api/v1/auth/google/token', { body, from: '198.51.100.7' }).then(({ status }) => status);
    expect(await byGoogle({ ...founding, newTenant: { name: 'Outra', subdomain: 'outra' } })).toBe(429);
    expect(await byGoogle(founding)).not.toBe(429);
    expect((await register('198.51.100.8')).status).toBe(201);
  });

  it('are half of that, and not without end, while the store of the limits is away', async () => {
    const limiter = auth.app.get(RateLimiter, { strict: false });
    const away = jest.spyOn(limiter, 'consume').mockRejectedValue(new StoreUnavailable());
    try {
      expect(await statuses(6, '198.51.100.9')).toEqual([201, 201, 201, 201, 429, 429]);
    } finally {
      away.mockRestore();
    }
  });

  it('are as many as one likes where the limit on sign-ins is switched off', async () => {
    const free = await AuthUnderTest.start();
    try {
      for (let i = 0; i < 22; i++) expect((await free.register(`livre-${i}`)).status).toBe(201);
    } finally {
      await free.stop();
    }
  });
});
