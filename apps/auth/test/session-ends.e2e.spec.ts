import { AuthUnderTest } from './auth-under-test';
import { MovedClock } from './authenticator';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

describe('a session', () => {
  let auth: AuthUnderTest;
  let clock: MovedClock;
  beforeAll(async () => {
    auth = await AuthUnderTest.start();
    clock = new MovedClock(auth);
    await auth.register('duradoura');
  });
  afterAll(async () => {
    clock?.restore();
    await auth?.stop();
  });

  const refreshed = async (refreshToken: string) => {
    const { status, body } = await auth.refresh(refreshToken);
    if (status !== 200) throw new Error(`refresh → ${status} ${body.code}`);
    return body.tokens;
  };

  it('ends seven days after its last refresh', async () => {
    const first = await auth.login('duradoura');
    await clock.advance(7 * DAY - MINUTE);
    const second = await refreshed(first.refreshToken);
    await clock.advance(7 * DAY - MINUTE);
    const third = await refreshed(second.refreshToken);
    await clock.advance(7 * DAY + MINUTE);
    expect(await auth.refresh(third.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'invalid_refresh_token' },
    });
  });

  it('ends ninety days after the sign-in, however often it is refreshed', async () => {
    let { refreshToken } = await auth.login('duradoura');
    for (let day = 0; day < 84; day += 6) {
      await clock.advance(6 * DAY);
      ({ refreshToken } = await refreshed(refreshToken));
    }
    await clock.advance(6 * DAY - MINUTE);
    const last = await refreshed(refreshToken);
    const listed = await auth.call<{ items: unknown[] }>('/api/v1/auth/sessions', {
      token: last.accessToken,
    });
    expect(listed.body.items).toHaveLength(1);
    await clock.advance(2 * MINUTE);
    expect(await auth.refresh(last.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'invalid_refresh_token' },
    });
    const again = (await auth.login('duradoura')).accessToken;
    const { items } = (await auth.call<{ items: unknown[] }>('/api/v1/auth/sessions', { token: again })).body;
    expect(items).toHaveLength(1);
  });
});
