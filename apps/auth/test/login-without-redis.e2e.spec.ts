import { describeWithRedis, eventually, testRedis, TestRedis } from '@libs/testing';
import { AuthUnderTest, PASSWORD } from './auth-under-test';

describeWithRedis('signing in while Redis is away', () => {
  let redis: TestRedis;
  let auth: AuthUnderTest;

  beforeAll(async () => {
    redis = await testRedis();
    auth = await AuthUnderTest.start({ REDIS_URL: redis.url, RATE_LIMIT_LOGIN_PER_15_MIN: '6' });
    await auth.register('semredis');
  });
  afterAll(async () => {
    await auth?.stop();
    await redis?.stop();
  });

  let address = 0;
  const tries = async (count: number, email: string, from?: string): Promise<number[]> => {
    const statuses = [];
    for (let each = 0; each < count; each++) {
      const body = { email, password: email.startsWith('dona') ? PASSWORD : 'not the password at all' };
      const call = { body, from: from ?? `198.51.100.${(address += 1)}` };
      statuses.push((await auth.call('/api/v1/auth/login', call)).status);
    }
    return statuses;
  };

  it('still works, held to half of the limit by account and by address, and to all of it afterwards', async () => {
    expect(await tries(2, 'um@semredis.example')).toEqual([401, 401]);
    await redis.pause();
    expect(await tries(5, 'dona@semredis.example')).toEqual([200, 200, 200, 429, 429]);
    // What was counted before is forgotten, but never more than half is given anew.
    expect(await tries(5, 'um@semredis.example')).toEqual([401, 401, 401, 429, 429]);
    const mixed = [];
    for (let each = 0; each < 5; each++)
      mixed.push(...(await tries(1, `outro${each}@semredis.example`, '203.0.113.9')));
    expect(mixed).toEqual([401, 401, 401, 429, 429]);
    await redis.resume();
    // A reconnection may take a moment; each look is at an account that nobody has tried yet.
    let look = 0;
    await eventually(async () => {
      const statuses = await tries(7, `depois${(look += 1)}@semredis.example`);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429]);
    });
  });
});
