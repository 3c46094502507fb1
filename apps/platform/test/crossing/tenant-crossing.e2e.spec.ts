import { createHmac } from 'node:crypto';
import { newId } from '@libs/kernel';
import { WebSocket } from 'ws';
import { Assault, must, refused } from './assault';
import { attackOn, sendForeignIds, takesOwnWords } from './attacks';
import { HouseOfTwo } from './house-of-two';
import { possessionsOf, secretsOf, untouched } from './possessions';
import { fill, Route, send } from './route';

/**
 * One company against another over every route there is: generated from the routers, so that a new route is attacked
 * from the day it exists. After each kind of attack nothing of the victim's was shown, and not one of its rows changed.
 */
describe('one tenant against another', () => {
  let two: HouseOfTwo;
  let guarded: Route[];
  let before: Map<string, string[]>;
  let secrets: ReturnType<typeof secretsOf>;
  let assault: Assault;
  let total = 0;

  beforeAll(async () => {
    jest.spyOn(process.stdout, 'write').mockReturnValue(true); // the mails of a house without a mail server
    two = await HouseOfTwo.open();
    guarded = await two.guarded();
    before = await possessionsOf(two.admin, two.victim.tenantId);
    secrets = secretsOf(before, await possessionsOf(two.admin, two.attacker.tenantId));
  }, 120_000);
  afterAll(async () => {
    await two?.close();
    jest.restoreAllMocks();
    process.stdout.write(`tenant crossing: ${total} attacks\n`);
  });

  beforeEach(() => {
    assault = new Assault([...secrets.texts, two.treasure.apiKey]);
  });
  afterEach(async () => {
    total += assault.sent;
    expect(assault.breaches).toEqual([]);
    const now = await possessionsOf(two.admin, two.victim.tenantId);
    expect(untouched(now)).toEqual(untouched(before));
    // or every refusal above might only have been that of a dead token
    const app = appOf('/api/v1/auth/me');
    expect((await send({ app, method: 'GET', url: '/api/v1/auth/me', headers: bearer() })).status).toBe(200);
  });

  const bearer = (token = two.attacker.token) => ({ authorization: `Bearer ${token}` });
  const appOf = (path: string) => {
    const route = two.routes.find((each) => each.path === path);
    if (!route) throw new Error(`there is no ${path}`);
    return route.app;
  };
  /** What may be sent again and again without ending the attacker's own session. */
  const repeatable = () =>
    guarded.filter(({ path }) => !/\/(logout|logout-all|password\/change)$/.test(path));
  const requestOf = (each: Route, id: string, headers: Record<string, string> = {}) =>
    attackOn(two, each, id, headers);

  it('finds the house furnished: many routes, and a victim with something in every table', () => {
    expect(guarded.length).toBeGreaterThanOrEqual(40);
    const empty = [...before].filter(([, rows]) => rows.length === 0).map(([table]) => table);
    expect(empty.filter((table) => !MAY_BE_EMPTY.includes(table))).toEqual([]);
    expect(secrets.ids.length).toBeGreaterThanOrEqual(20);
  });

  it('would notice: to the victim itself these answers show what no other may see', async () => {
    const witness = new Assault(secrets.texts);
    for (const each of guarded.filter(({ method, path }) => method === 'GET' && !/:|export/.test(path)))
      await witness.send('own', { ...requestOf(each, newId()), headers: bearer(two.victim.token) });
    expect(witness.breaches.length).toBeGreaterThanOrEqual(8);
  });

  it('refuses a token at every host but its own and the neutral ones, on every route', async () => {
    for (const route of guarded)
      for (const host of WRONG_HOSTS)
        await assault.send(host, requestOf(route, newId(), { host }), must(403, 'wrong_host'));
    for (const host of RIGHT_HOSTS)
      await assault.send(host, { ...route('/api/v1/auth/me'), headers: { ...bearer(), host } }, isOk);
    expect(assault.sent).toBeGreaterThanOrEqual(1_000);
  });

  it('refuses an API key at another tenant’s host, and beside a token', async () => {
    const { apiKey } = two.treasure;
    const codes = new Set<string | undefined>();
    for (const each of guarded) {
      const request = requestOf(each, newId());
      const taken = { ...request, headers: { 'x-api-key': apiKey, host: 'intruso.localhost' } };
      const { code } = await assault.send('at our host', taken, refused);
      codes.add(code);
      const both = { ...request, headers: { ...bearer(), 'x-api-key': apiKey } };
      await assault.send('beside our token', both, must(400, 'ambiguous_credentials'));
    }
    expect([...codes].sort()).toEqual(['person_required', 'wrong_host']);
  });

  it('believes no header about who or where we are', async () => {
    const { tenantId, subdomain } = two.victim;
    const host = `${subdomain}.localhost`;
    for (const each of repeatable()) {
      for (const name of TENANT_HEADERS)
        for (const value of [tenantId, subdomain])
          await assault.send(name, requestOf(each, newId(), { [name]: value }));
      for (const name of HOST_HEADERS) await assault.send(name, requestOf(each, newId(), { [name]: host }));
      await assault.send('forwarded', requestOf(each, newId(), { forwarded: `for=1.1.1.1;host=${host}` }));
    }
  });

  it('believes no tenant in a query or a body', async () => {
    const { tenantId, subdomain } = two.victim;
    for (const each of repeatable()) {
      const request = requestOf(each, newId());
      for (const name of TENANT_FIELDS)
        for (const value of [tenantId, subdomain]) {
          const query = new URLSearchParams({ [name]: value }).toString();
          await assault.send('query', { ...request, url: `${request.url}?${query}` });
          if (!request.body) continue;
          await assault.send('body', { ...request, body: { ...request.body, [name]: value } });
        }
    }
  });

  it('answers another tenant’s id under every verb as it answers one that does not exist', async () => {
    await sendForeignIds(two, assault, secrets.ids);
    expect(assault.sent).toBeGreaterThanOrEqual(1_000);
  }, 180_000);

  it('takes no id out of a query or a body either', async () => {
    for (const each of repeatable())
      for (const id of secrets.ids) {
        const request = requestOf(each, newId());
        // what an export was asked for stands in our own audit log, in our own words
        if (each.method === 'GET' && !each.path.endsWith('/export'))
          for (const name of ['appId', 'userId', 'actor', 'target', 'id'])
            await assault.send(name, { ...request, url: `${request.url}?${name}=${id}` });
        else if (request.body && each.path.endsWith('/keys'))
          await assault.send('appId', { ...request, body: { ...request.body, appId: id } }, refused);
      }
  }, 180_000);

  it('listens to nothing of another tenant’s, by the stream or by the WebSocket', async () => {
    const path = '/api/v1/analytics/stream';
    const { rows } = await two.admin.query<{ app_id: string }>(
      'select app_id from analytics.app_state where tenant_id = $1',
      [two.victim.tenantId],
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { app_id: appId } of rows) {
      const url = `${path}?appId=${appId}`;
      const told = await assault.send(
        'live',
        { app: appOf(path), method: 'GET', url, headers: bearer() },
        isOk,
      );
      expect(told.text).toContain('"seq":"0"');
      expect(told.text).toContain('"activeSessions":0');
      const victims = await send({
        app: appOf(path),
        method: 'GET',
        url,
        headers: bearer(two.victim.token),
      });
      expect(victims.text).not.toContain('"seq":"0"');
      expect(await firstOfSocket(`/api/v1/analytics/live?appId=${appId}`)).toContain('"seq":"0"');
    }
    for (const host of WRONG_HOSTS) expect(await firstOfSocket('/api/v1/analytics/live', host)).toBe('403');
  });

  /** What a handshake of the attacker's is answered, or the first message after it. */
  function firstOfSocket(path: string, host?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { ...bearer(), ...(host !== undefined && { host }) };
      const socket = new WebSocket(two.url.replace('http', 'ws') + path, ['moneyflow.live'], { headers });
      socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => {
        socket.terminate();
        resolve(data.toString());
      });
    });
  }

  it('waits for no release of another tenant', async () => {
    for (const each of guarded.filter(({ path }) => path.startsWith('/api/v1/consolidated'))) {
      const url = `${each.path}?after=${two.treasure.releaseId}`;
      await assault.send('after', { ...requestOf(each, ''), url }, ({ headers }) =>
        headers['x-after'] === undefined || headers['x-after'] === 'PENDING' ? undefined : 'knows it',
      );
    }
  });

  it('is led astray by no path', async () => {
    const { releaseId } = two.treasure;
    const reading = two.routes.filter(({ method, path }) => method === 'GET' && !takesOwnWords(method, path));
    for (const { app, path } of reading)
      for (const trick of TRICKS) {
        const headers = bearer();
        const url = fill(path, trick.replace('{id}', releaseId).replace('{tenant}', two.victim.tenantId));
        await assault.send('path', { app, method: 'GET', url, headers });
        const behind = `${fill(path, newId())}/${trick.replace('{id}', releaseId).replace('{tenant}', two.victim.tenantId)}`;
        await assault.send('path', { app, method: 'GET', url: behind, headers });
      }
  });

  it('gives nothing for another tenant’s cursor, idempotency key or releases among our own', async () => {
    const { cursors, idempotency } = two.treasure;
    expect(cursors.length).toBeGreaterThanOrEqual(4);
    for (const each of guarded.filter(({ method }) => method === 'GET'))
      for (const [, cursor] of cursors) {
        const request = requestOf(each, newId());
        await assault.send('cursor', {
          ...request,
          url: `${request.url}?cursor=${encodeURIComponent(cursor)}`,
        });
      }
    for (const each of repeatable().filter(({ method }) => method === 'POST')) {
      const headers = { 'idempotency-key': idempotency.key };
      await assault.send('idempotency key', requestOf(each, newId(), headers), ({ headers: answered }) =>
        answered['idempotency-replayed'] && each.path !== '/api/v1/releases' ? 'is replayed' : undefined,
      );
    }
    const same = { ...route('/api/v1/releases', 'POST'), body: idempotency.body };
    const headers = { ...bearer(), 'idempotency-key': `${idempotency.key}-outra` };
    await assault.send('the same body', { ...same, headers }, ({ text }) =>
      text.includes(idempotency.releaseId) ? 'is the victim’s release' : undefined,
    );
  });

  it('takes no token whose tenant was edited, however it is signed', async () => {
    const [header = '', payload = '', signature = ''] = two.attacker.token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const edited = encode({ ...claims, tenant_id: two.victim.tenantId });
    const hmac = createHmac('sha256', header).update(`${header}.${edited}`).digest('base64url');
    const none = encode({ alg: 'none', typ: 'at+jwt' });
    const tokens = [`${header}.${edited}.${signature}`, `${header}.${edited}.${hmac}`, `${none}.${edited}.`];
    for (const each of guarded)
      for (const token of tokens)
        await assault.send(
          'edited token',
          requestOf(each, newId(), bearer(token)),
          must(401, 'invalid_token'),
        );
  });

  it('keeps two companies apart on shared connections, errors in between', async () => {
    const mine = await possessionsOf(two.admin, two.attacker.tenantId);
    // an export is written down, and the victim asks, too
    const lists = guarded.filter(({ method, path }) => method === 'GET' && !/:|export/.test(path));
    // what we said of the victim is kept among our rejected events, and is the victim's own all the same
    const quoted = [two.victim.subdomain, two.victim.tenantId];
    const ours = secretsOf(mine, before).texts.filter((text) => !quoted.some((name) => text.includes(name)));
    const secretsOfEach = new Map([
      [two.victim.token, ours],
      [two.attacker.token, secrets.texts],
    ]);
    const rounds = Array.from({ length: 12 }, async (_, round) => {
      for (const [token, foreign] of round % 2 ? [...secretsOfEach].reverse() : secretsOfEach)
        for (const each of lists) {
          const url = round % 3 ? each.path : `${each.path}?limit=0&from=nonsense&cursor=!!`;
          const { text } = await send({ ...each, url, headers: bearer(token) });
          assault.sent++;
          const found = foreign.find((secret) => text.includes(secret));
          if (found) assault.breaches.push(`${each.path} shows ${found} of the other`);
        }
    });
    await Promise.all(rounds);
  });

  const route = (path: string, method: Route['method'] = 'GET') => ({ app: appOf(path), method, url: path });
});

const isOk = ({ status }: { status: number }) => (status === 200 ? undefined : 'must be let in');
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Whoever adds a table furnishes it in HouseOfTwo, or says here why a healthy company has no row in it. */
const MAY_BE_EMPTY = [
  'analytics.dead_letter',
  'analytics.day_built', // made a minute after the last event, or a test later
  'analytics.day_dimension',
  'analytics.day_rollup',
  'analytics.rebuild_day', // done within seconds
  'analytics.span_built', // made with the days
  'analytics.span_dimension',
  'analytics.span_rollup',
  'auth.inbox', // filled by the counts of used keys, seconds later
  'auth.api_key_use',
  'auth.session_grant', // what Cognito gave
  'auth.verified_domain', // needs a DNS of ours
  'consolidated.dead_letter',
  'events.dead_letter',
  'events.insight_due', // looked at within a second
  'releases.dead_letter',
  'releases.rejection',
];

// prettier-ignore
const WRONG_HOSTS = [
  'estrela.localhost', 'ESTRELA.localhost', 'estrela.localhost.', 'estrela.localhost:3000', 'Estrela.LocalHost.:443',
  'evil.example', 'localhost.evil.example', 'intruso.localhost.evil.example', 'evillocalhost', 'nobody.localhost',
  'api.estrela.localhost', 'estrela.intruso.localhost', 'intruso.estrela.localhost', 'intruso.api.localhost',
  'intruso.localhost@estrela.localhost', 'intruso.localhost,estrela.localhost', 'intruso.localhost/estrela.localhost',
  'intruso%2elocalhost', 'intruso..localhost', '.localhost', 'intruso.localhost:x', '2130706433', '0x7f.1', '127.1', '[::1',
  'www.localhost', 'admin.localhost', 'xn--intruso-.localhost', 'intruso_.localhost', '-.localhost',
];
// prettier-ignore
const RIGHT_HOSTS = [
  'intruso.localhost', 'INTRUSO.localhost.', 'intruso.localhost:3000', 'localhost', 'api.localhost', 'API.LOCALHOST.:80',
  '127.0.0.1', '127.0.0.1:3000', '[::1]:3000', '10.0.0.1',
];
const TENANT_HEADERS = [
  'x-tenant-id',
  'x-tenant',
  'tenant-id',
  'x-moneyflow-tenant',
  'x-user-tenant',
  'x-org-id',
];
// prettier-ignore
const HOST_HEADERS = ['x-forwarded-host', 'x-host', 'x-original-host', 'x-forwarded-server', 'x-http-host-override', 'x-rewrite-url', 'x-original-url'];
const TENANT_FIELDS = ['tenant_id', 'tenantId', 'tenant', 'tenant[id]', 'tenant_id[]', 'subdomain'];
// prettier-ignore
const TRICKS = [
  '..%2f{id}', '%2e%2e%2f{id}', '..;/{id}', '{id}%2f..', '.%2f{id}', '%2f{id}', '{id};tenant={tenant}', '{id}%00', '{id}%20', ' {id}',
  '%252e%252e%252f{id}', '..%5c{id}', '{tenant}%2f{id}', 'tenants%2f{tenant}%2f{id}', '*', '%', '{id}.json', '%7b{id}%7d',
];
