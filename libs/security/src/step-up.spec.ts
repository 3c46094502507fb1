import { Controller, Get } from '@nestjs/common';
import { guardedApp, GuardedApp } from '../test/guarded-app';
import { Authorize } from './authorize';
import { DenyListSnapshot } from './deny-list-snapshot';

@Controller()
class Routes {
  @Get('usual') @Authorize({ scopes: [] }) usual() {
    return {};
  }
  @Get('sensitive') @Authorize({ scopes: ['members:write'], stepUp: true }) sensitive() {
    return {};
  }
}

let house: GuardedApp;
const bearer = (claims: Record<string, unknown>): Record<string, string> => ({
  authorization: `Bearer ${house.token({ scope: 'members:write', ...claims })}`,
});
const now = (): number => Math.floor(Date.now() / 1000);

beforeAll(async () => {
  house = await guardedApp(Routes);
});
afterAll(() => house.app.close());

describe('a route that asks for a fresh proof of identity', () => {
  it('lets in who proved it within five minutes', async () => {
    for (const age of [0, 60, 298])
      expect((await house.get('/sensitive', bearer({ auth_time: now() - age }))).status).toBe(200);
  });

  it('sends away whose proof is older, and says what to do', async () => {
    for (const age of [302, 600, 80_000]) {
      const headers = bearer({ auth_time: now() - age });
      expect((await house.get('/usual', headers)).status).toBe(200);
      expect(await house.get('/sensitive', headers)).toMatchObject({
        status: 403,
        code: 'step_up_required',
        challenge: 'Bearer error="insufficient_user_authentication", max_age="300"',
      });
    }
  });

  it('ends for a token that is remembered, too', async () => {
    const headers = bearer({ auth_time: now() - 200 });
    expect((await house.get('/sensitive', headers)).status).toBe(200);
    const later = Date.now() + 101_000;
    const clock = jest.spyOn(Date.prototype, 'getTime').mockReturnValue(later);
    try {
      await house.app.get(DenyListSnapshot, { strict: false }).refresh();
      expect((await house.get('/sensitive', headers)).code).toBe('step_up_required');
    } finally {
      clock.mockRestore();
    }
    await house.app.get(DenyListSnapshot, { strict: false }).refresh();
  });

  it('is fresh again with a newer token of the same session', async () => {
    const sid = '019a2b3c-0000-7000-8000-00000000000c';
    expect((await house.get('/sensitive', bearer({ sid, auth_time: now() - 400 }))).status).toBe(403);
    expect((await house.get('/sensitive', bearer({ sid, auth_time: now() }))).status).toBe(200);
  });

  it('asks for the scope first: who lacks it is not told to prove anything', async () => {
    expect((await house.get('/sensitive', bearer({ scope: '', auth_time: 1 }))).code).toBe(
      'insufficient_scope',
    );
  });

  it.each([
    ['from the future', () => now() + 3_600],
    ['missing', () => undefined],
    ['a text', () => String(now())],
    ['a fraction', () => now() + 0.5],
    ['negative', () => -1],
    ['a list', () => [now()]],
  ])('believes no auth_time that is %s', async (_name, authTime) => {
    expect((await house.get('/sensitive', bearer({ auth_time: authTime() }))).code).toBe('invalid_token');
  });

  it('answers 503 while nobody knows which sessions ended', async () => {
    const headers = bearer({});
    expect((await house.get('/sensitive', headers)).status).toBe(200);
    house.denials.away = true;
    const later = Date.now() + 2_600;
    const clock = jest.spyOn(Date.prototype, 'getTime').mockReturnValue(later);
    try {
      expect(await house.get('/sensitive', headers)).toMatchObject({
        status: 503,
        code: 'revocation_unknown',
      });
    } finally {
      clock.mockRestore();
      house.denials.away = false;
    }
  });

  it('admits no API key, whatever scopes it claims', async () => {
    const key = house.ring.add({ scopes: ['members:write'] });
    expect((await house.get('/sensitive', { 'x-api-key': key })).code).toBe('person_required');
  });
});
