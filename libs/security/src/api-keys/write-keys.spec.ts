import { Controller, Get } from '@nestjs/common';
import { newId, TenantId } from '@libs/kernel';
import { guardedApp, GuardedApp } from '../../test/guarded-app';
import { mutatedKeys } from '../../test/key-attacks';
import { Authorize } from '../authorize';
import { CurrentPrincipal, Principal } from '../principal';
import { mintApiKey } from './api-key-text';

@Controller()
class Routes {
  @Get('send')
  @Authorize({ scopes: ['events:write'], keys: true, writeKeys: true })
  send(@CurrentPrincipal() by: Principal) {
    return by;
  }
  @Get('read') @Authorize({ scopes: ['events:write'], keys: true }) read() {
    return {};
  }
}

let house: GuardedApp;
beforeAll(async () => {
  house = await guardedApp(Routes);
});
afterAll(() => house.app.close());

const inUrl = (key: string, path = '/send') => house.get(`${path}?key=${encodeURIComponent(key)}`);

describe('a write key in the URL', () => {
  it('opens the route that takes it', async () => {
    const [keyId, tenantId] = [newId(), newId<TenantId>()];
    const { status, body } = await inUrl(house.ring.add({ keyId, tenantId, scopes: ['events:write'] }));
    expect([status, body]).toEqual([200, expect.objectContaining({ kind: 'key', keyId, tenantId })]);
  });

  it('opens no other route', async () => {
    const key = house.ring.add({ scopes: ['events:write'] });
    const asked = house.ring.lookUps;
    expect(await inUrl(key, '/read')).toMatchObject({ status: 401, code: 'not_authenticated' });
    expect(house.ring.lookUps).toBe(asked);
  });

  it.each([
    ['that may read, too', ['events:write', 'analytics:read']],
    ['that may move money', ['events:write', 'pix:write']],
    ['that may not even write', ['analytics:read']],
    ['of nothing', []],
  ])('is refused when it is one %s', async (_name, scopes) => {
    const key = house.ring.add({ scopes });
    expect(await inUrl(key)).toMatchObject({ status: 403, code: 'not_a_write_key' });
    expect(await inUrl(key)).toMatchObject({ status: 403, code: 'not_a_write_key' }); // seen before
    const byHeader = await house.get('/send', { 'x-api-key': key });
    expect(byHeader.status).toBe(scopes.includes('events:write') ? 200 : 403);
  });

  it('is the only credential, or the request is refused', async () => {
    const key = house.ring.add({ scopes: ['events:write'] });
    const seconds: Record<string, string>[] = [
      { 'x-api-key': key },
      { authorization: `Bearer ${house.token()}` },
      { authorization: '' },
    ];
    for (const headers of seconds)
      expect(await house.get(`/send?key=${key}`, headers)).toMatchObject({
        status: 400,
        code: 'ambiguous_credentials',
      });
    expect(await house.get(`/send?key=${key}&key=${key}`)).toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
  });

  it('is told apart from unknown, expired and revoked ones', async () => {
    const scopes = ['events:write'];
    const at = new Date();
    const keys = [
      mintApiKey().text,
      house.ring.add({ scopes, expiresAt: at }),
      house.ring.add({ scopes, revokedAt: at }),
    ];
    expect((await Promise.all(keys.map((key) => inUrl(key)))).map(({ code }) => code)).toEqual([
      'invalid_api_key',
      'expired_api_key',
      'revoked_api_key',
    ]);
    expect(await inUrl(house.token())).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(await inUrl('')).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('is none of its mutations, and none of them costs a look-up', async () => {
    const key = house.ring.add({ scopes: ['events:write'] });
    const asked = house.ring.lookUps;
    const codes = new Set<string>();
    for (const text of mutatedKeys(key)
      .filter((each) => each.isWellFormed())
      .slice(0, 1_000)) {
      const { status, code } = await inUrl(text);
      codes.add(`${status} ${code}`);
    }
    expect([...codes]).toEqual(['401 invalid_api_key']);
    expect(house.ring.lookUps).toBe(asked);
  });

  it('is for routes of API keys alone', () => {
    expect(() => Authorize({ scopes: ['events:write'], writeKeys: true })).toThrow();
  });
});
