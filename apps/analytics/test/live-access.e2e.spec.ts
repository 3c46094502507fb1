import { newId, UserId } from '@libs/kernel';
import { ExpiringSet } from '@libs/redis';
import { DENY_LIST, denied } from '@libs/security';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { LiveSocketClient, LiveStreamClient, refusedHandshake } from './live-listener';

const ORIGIN = 'https://painel.padaria.example';

describe('who listens', () => {
  let house: AnalyticsHouse;
  let padaria: TestTenant;
  beforeAll(async () => {
    house = await AnalyticsHouse.open({ CORS_ORIGINS: 'https://app.moneyflow.com' });
    padaria = await house.tenant();
  }, 60_000);
  afterAll(() => house?.close());

  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const person = () => bearer(house.token(padaria));
  const deny = (member: string) =>
    house.app.get(ExpiringSet, { strict: false }).add(DENY_LIST, member, new Date(Date.now() + 60_000));
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string };

  /** Both ways of listening are ended with this, within two seconds of what causes it. */
  async function endsBoth(
    headers: Record<string, string>,
    why: { code: number; reason: string },
    cause: () => Promise<unknown>,
    withinMs = 3_500,
  ): Promise<void> {
    const socket = await LiveSocketClient.open(house.url, headers);
    const stream = await LiveStreamClient.open(house.url, headers);
    await socket.counts.until(() => true);
    await stream.counts.until(() => true);
    const from = Date.now();
    await cause();
    expect(await socket.closed).toEqual(why);
    await stream.ended;
    expect(stream.closedBy).toEqual(why);
    expect(Date.now() - from).toBeLessThan(withinMs);
  }

  describe('may not', () => {
    it.each([
      ['without a credential', {}, 401, 'not_authenticated'],
      ['with a token that nobody made', bearer('a.b.c'), 401, 'invalid_token'],
    ])('%s', async (_what, headers, status, code) => {
      const refused = await refusedHandshake(house.url, headers);
      expect(refused).toEqual({ status, code, connection: 'close' });
    });

    it('without the scope', async () => {
      const refused = await refusedHandshake(house.url, bearer(house.token(padaria, 'releases:read')));
      expect(refused).toMatchObject({ status: 403, code: 'insufficient_scope' });
    });

    it('by a key to another application', async () => {
      const key = { 'x-api-key': await house.key(padaria) };
      const query = `?appId=${newId()}`;
      expect(await refusedHandshake(house.url, key, { query })).toMatchObject({ code: 'wrong_app' });
    });

    it('at the host of another tenant', async () => {
      const other = await house.tenant();
      await house.admin.query('update analytics.tenant_directory set domains = $2 where tenant_id = $1', [
        other.tenantId,
        ['painel.outra.example'],
      ]);
      const refused = await refusedHandshake(house.url, { ...person(), host: 'painel.outra.example' });
      expect(refused).toMatchObject({ status: 403, code: 'wrong_host' });
    });

    it('with a token in the URL, or with two', async () => {
      const token = house.token(padaria);
      expect(await refusedHandshake(house.url, {}, { query: `?token=${token}` })).toMatchObject({
        status: 401,
      });
      const two = await refusedHandshake(house.url, bearer(token), {
        protocols: ['moneyflow.live', `bearer.${token}`],
      });
      expect(two).toMatchObject({ status: 400, code: 'ambiguous_credentials' });
    });

    it('from a page of an origin that is nobody’s or another tenant’s', async () => {
      const other = await house.tenant();
      await house.admin.query('update analytics.tenant_directory set origins = $2 where tenant_id = $1', [
        other.tenantId,
        [ORIGIN],
      ]);
      await new Promise((resolve) => setTimeout(resolve, 700));
      for (const origin of [ORIGIN, 'https://mal.example', 'null'])
        expect(await refusedHandshake(house.url, { ...person(), origin })).toMatchObject({
          status: 403,
          code: 'origin_not_allowed',
        });
    });
  });

  it('may from a page of an allowed origin, with the token among the subprotocols, which is not told back', async () => {
    const protocols = ['moneyflow.live', `bearer.${house.token(padaria)}`];
    for (const origin of ['https://app.moneyflow.com', house.url]) {
      const socket = await LiveSocketClient.open(house.url, { origin }, { protocols });
      expect(socket.socket.protocol).toBe('moneyflow.live');
      socket.close();
    }
  });

  it('of two tenants that name the same application is told of the own one', async () => {
    const other = await house.tenant();
    const theirs = await LiveSocketClient.open(house.url, bearer(house.token(other)), {
      query: `?appId=${padaria.appId}`,
    });
    expect(await theirs.counts.until(() => true)).toMatchObject({
      seq: '0',
      eventsLast30Minutes: 0,
      activeSessions: 0,
    });
    theirs.close();
  });

  it('is let go when signed out', async () => {
    const token = house.token(padaria);
    await endsBoth(bearer(token), { code: 4401, reason: 'revoked_token' }, () =>
      deny(denied.session(claimsOf(token).sid)),
    );
  });

  it('is let go when the token expires', async () => {
    // taken for 30 s more: clocks differ; of the 6 s that are left some are for opening both
    const token = house.issuer.tokenFor({
      ...padaria,
      userId: newId<UserId>(),
      scope: 'analytics:read',
      secondsLeft: -24,
    });
    await endsBoth(bearer(token), { code: 4401, reason: 'expired_token' }, async () => undefined, 9_500);
  });

  it('is let go when the API key is revoked', async () => {
    const key = await house.key(padaria);
    await endsBoth({ 'x-api-key': key }, { code: 4401, reason: 'revoked_api_key' }, () =>
      house.admin.query(
        'update analytics.api_key_directory set revoked_at = now() where tenant_id = $1 and revoked_at is null',
        [padaria.tenantId],
      ),
    );
  });

  it('is let go when the key may no longer read', async () => {
    const key = await house.key(padaria);
    await endsBoth({ 'x-api-key': key }, { code: 4403, reason: 'insufficient_scope' }, () =>
      house.admin.query(
        `update analytics.api_key_directory set scopes = '{events:write}' where tenant_id = $1 and revoked_at is null`,
        [padaria.tenantId],
      ),
    );
  });

  it('is let go when the tenant is suspended, and nobody else', async () => {
    const tenant = await house.tenant();
    const bystander = await LiveSocketClient.open(house.url, person());
    await endsBoth(bearer(house.token(tenant)), { code: 4403, reason: 'tenant_suspended' }, () =>
      house.admin.query(
        `update analytics.tenant_directory set status = 'suspended', changed_in = pg_current_xact_id() where tenant_id = $1`,
        [tenant.tenantId],
      ),
    );
    expect(bystander.socket.readyState).toBe(bystander.socket.OPEN);
    bystander.close();
  });

  it('is at most two hundred of a tenant’s in an instance, whichever way they come', async () => {
    const tenant = await house.tenant();
    const headers = bearer(house.token(tenant));
    const open = await Promise.all(
      Array.from({ length: 199 }, () => LiveSocketClient.open(house.url, headers)),
    );
    const stream = await LiveStreamClient.open(house.url, headers);
    await expect(LiveStreamClient.open(house.url, headers)).rejects.toThrow('429');
    expect(await refusedHandshake(house.url, headers)).toMatchObject({
      status: 429,
      code: 'too_many_listeners',
    });
    const other = await LiveSocketClient.open(house.url, person());
    for (const client of [...open, stream, other]) client.close();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const again = await LiveStreamClient.open(house.url, headers);
    again.close();
  }, 30_000);

  it('hears the end of the instance at once, which waits for nobody', async () => {
    const instance = await house.another();
    const socket = await LiveSocketClient.open(instance.url, person());
    const stream = await LiveStreamClient.open(instance.url, person());
    await Promise.all([socket.counts.until(() => true), stream.counts.until(() => true)]);
    const from = Date.now();
    const closing = instance.close();
    expect(await socket.closed).toEqual({ code: 1001, reason: 'leaving' });
    await stream.ended;
    expect(stream.closedBy).toEqual({ reason: 'leaving' });
    expect(Date.now() - from).toBeLessThan(1_500);
    await closing;
    expect(Date.now() - from).toBeLessThan(4_000);
  }, 20_000);

  it('does not hold the shutdown up by not answering', async () => {
    const instance = await house.another();
    const socket = await LiveSocketClient.open(instance.url, person());
    socket.socket.pause();
    const from = Date.now();
    await instance.close();
    expect(Date.now() - from).toBeLessThan(4_000);
    socket.close();
  }, 20_000);
});
