import { connect } from 'node:net';
import { Envelope, TenantChangedV1, topics } from '@libs/contracts';
import { EventPublisher, newId } from '@libs/kernel';
import { call, eventually } from '@libs/testing';
import { bodyFor } from './bodies';
import { HouseOfTwo, Side } from './house-of-two';
import { fill, Reply, Route, send } from './route';

/** What only sockets, time and a suspension can show of the line between two tenants. */
describe('two tenants at one door', () => {
  let two: HouseOfTwo;
  let guarded: Route[];

  beforeAll(async () => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true); // the mails of a house without a mail server
    // behind one proxy, whose word on the host still counts for nothing
    two = await HouseOfTwo.open({ TRUST_PROXY: '1' });
    guarded = await two.guarded();
  }, 120_000);
  afterAll(async () => {
    jest.restoreAllMocks();
    await two?.close();
  });

  describe('the host of a request, as the wire has it', () => {
    /** The status and code of one hand-written request of the attacker's. */
    async function ask(target: string, ...headers: string[]): Promise<string> {
      const { port } = new URL(two.url);
      const lines = [`GET ${target} HTTP/1.1`, ...headers, `Authorization: Bearer ${two.attacker.token}`];
      const text = await new Promise<string>((resolve, reject) => {
        let answer = '';
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write([...lines, 'Connection: close', '', ''].join('\r\n')),
        );
        socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
        socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
        socket.on('end', () => resolve(answer)).on('error', reject);
      });
      return [/^HTTP\/1.1 (\d+)/.exec(text)?.[1], /"code":"(\w+)"/.exec(text)?.[1]].filter(Boolean).join(' ');
    }
    const PATHS = ['/api/v1/auth/me', '/api/v1/releases', '/api/v1/consolidated/daily'];
    const WRONG = '403 wrong_host';

    it.each(PATHS)('decides on %s', async (path) => {
      expect(await ask(path, 'Host: intruso.localhost')).toBe('200');
      expect(await ask(path, 'Host: estrela.localhost')).toBe(WRONG);
      expect(await ask(path, 'Host:')).toBe(WRONG);
      const proxied = ['X-Forwarded-Host: intruso.localhost', 'Forwarded: host=intruso.localhost'];
      expect(await ask(path, 'Host: estrela.localhost', ...proxied)).toBe(WRONG);
      const claimed = ['X-Forwarded-Host: estrela.localhost', 'X-Forwarded-For: 10.0.0.1'];
      expect(await ask(path, 'Host: intruso.localhost', ...claimed)).toBe('200');
    });

    it.each(PATHS)('refuses two of them, and a target that contradicts it: %s', async (path) => {
      expect(await ask(path, 'Host: intruso.localhost', 'Host: estrela.localhost')).toBe(WRONG);
      expect(await ask(path, 'Host: estrela.localhost', 'hOST: intruso.localhost')).toBe(WRONG);
      expect(await ask(path, 'Host: localhost', 'Host: localhost')).toBe(WRONG);
      expect(await ask(`http://estrela.localhost${path}`, 'Host: intruso.localhost')).toBe(WRONG);
      expect(await ask(`http://intruso.localhost${path}`, 'Host: estrela.localhost')).toBe(WRONG);
      expect(await ask(`http://estrela.localhost${path}`, 'Host: estrela.localhost')).toBe(WRONG);
      expect(await ask(`http://intruso.localhost${path}`, 'Host: intruso.localhost')).toBe('200');
    });
  });

  it('takes as long over a foreign id as over one that does not exist', async () => {
    const foreign: [path: string, id: string][] = [
      ['/api/v1/releases/:id', two.treasure.releaseId],
      ['/api/v1/keys/:id', await idOf('auth.api_key')],
      ['/api/v1/apps/:id', await idOf('auth.app')],
    ];
    for (const [path, id] of foreign) {
      const route = two.routes.find((each) => each.path === path && each.method !== 'POST');
      if (!route) throw new Error(`there is no ${path}`);
      await expectSameTime(route, id);
    }
  }, 120_000);

  it('leads to every route of every application by the one listener', () => {
    for (const { app, path } of two.routes) {
      const owner = two.house.applications.find((each) => each.app === app);
      if (!owner) continue;
      const within = owner.prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
      expect([path, within]).toEqual([path, true]);
    }
  });

  it('is shut to a suspended tenant on every route within a second of each service’s knowing, and opens again', async () => {
    const { victim, attacker, treasure } = two;
    const credentials: Record<string, string>[] = [
      { authorization: `Bearer ${victim.token}` },
      { 'x-api-key': treasure.apiKey },
    ];
    const codes = new Set<string | undefined>();
    await tell('suspended');
    for (const headers of credentials)
      for (const route of guarded) {
        const url = fill(route.path, newId());
        const ask = () => send({ ...route, url, headers, body: bodyFor(route.method, route.path) });
        const reply = await eventually(
          async () => {
            const answer = await ask();
            expect([url, shut(answer)]).toEqual([url, true]);
            return answer;
          },
          { within: 3_000 },
        );
        codes.add(reply.code);
      }
    expect([...codes].sort()).toEqual(['person_required', 'tenant_suspended']);
    const login = { email: victim.email, password: 'correto cavalo bateria grampo' };
    const refusal = await call<{ code: string }>(two.url, '/api/v1/auth/login', { body: login });
    expect([refusal.status, refusal.body.code]).toEqual([403, 'tenant_suspended']);
    expect((await call(two.url, '/api/v1/releases', { token: attacker.token })).status).toBe(200);

    await tell('active');
    for (const path of ['/api/v1/auth/me', '/api/v1/releases', '/api/v1/consolidated/daily'])
      await eventually(async () =>
        expect((await call(two.url, path, { token: victim.token })).status).toBe(200),
      );
  }, 60_000);

  /** A key is never let in; a route that takes none says so before it looks whose it is. */
  function shut({ status, code }: Reply): boolean {
    return status === 403 && (code === 'tenant_suspended' || code === 'person_required');
  }

  async function idOf(table: string): Promise<string> {
    const { rows } = await two.admin.query<{ id: string }>(`select id from ${table} where tenant_id = $1`, [
      two.victim.tenantId,
    ]);
    return String(rows[0]?.id);
  }

  /** As auth would: its own row, and the fact for everybody else. */
  async function tell(status: TenantChangedV1['status']): Promise<void> {
    const { tenantId }: Side = two.victim;
    const { rows } = await two.admin.query<Omit<TenantChangedV1, 'timeZone'>>(
      `update auth.tenant set status = $2, revision = revision + 1 where id = $1
       returning name, subdomain, status, origins, domains, default_app_id as "defaultAppId", revision`,
      [tenantId, status],
    );
    const payload = { ...rows[0], timeZone: 'America/Sao_Paulo' } as TenantChangedV1;
    const id = newId();
    const occurredAt = new Date().toISOString();
    const envelope: Envelope = {
      id,
      type: topics.tenantChanged,
      version: 1,
      tenantId,
      occurredAt,
      requestId: id,
      payload,
    };
    const auth = two.house.applications.find(({ name }) => name === 'auth');
    const publisher = auth?.app.get(EventPublisher, { strict: false });
    await publisher?.publish(topics.tenantChanged, [{ key: tenantId, value: JSON.stringify(envelope) }]);
  }

  /**
   * A sign test over pairs that follow on each other: of 400 rounds each must be the slower one about as often, which
   * holds on a busy machine, too. Five standard deviations are 50 rounds.
   */
  async function expectSameTime(route: Route, foreign: string): Promise<void> {
    const headers = { authorization: `Bearer ${two.attacker.token}` };
    const body = bodyFor(route.method, route.path);
    const timeOf = async (id: string): Promise<number> => {
      const request = { ...route, url: fill(route.path, id), headers, body };
      const start = performance.now();
      await send(request);
      return performance.now() - start;
    };
    let foreignSlower = 0;
    for (let round = 0; round < 400; round++) {
      const unknown = newId();
      const [first, second] = round % 2 ? [foreign, unknown] : [unknown, foreign];
      const firstSlower = (await timeOf(first)) > (await timeOf(second));
      if (firstSlower === (first === foreign)) foreignSlower++;
    }
    expect([route.path, Math.abs(foreignSlower - 200) <= 50]).toEqual([route.path, true]);
  }
});
