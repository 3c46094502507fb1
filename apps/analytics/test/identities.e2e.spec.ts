import { openApiOf } from '@libs/http';
import { newId } from '@libs/kernel';
import { WebSocket } from 'ws';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { aTrackedEvent } from './tracked-event.builder';

/** Ids whom no question below names. */
const SECRET = ['quem-ninguem-nomeia', 'aparelho-secreto', 'sessao-secreta'] as const;
const NAMED = 'ana';

/** What each route is asked. A route that is not here fails the first test: somebody has to say what it may tell. */
const QUESTIONS: Record<string, string[]> = {
  'events/summary': ['?breakdown=url&compare=previous', '?metadata.plan=pro'],
  'events/timeline': ['?interval=hour', ''],
  pages: [''],
  referrers: [''],
  'apps/{appId}/overview': [''],
  funnel: ['?steps=page_view,page_view'],
  retention: ['?cohort=week'],
  sessions: [''],
  'sessions/list': ['', '?device=desktop'],
  'users/{userId}': [''],
  'users/{userId}/activity': ['', '?eventType=page_view'],
  export: ['?format=csv', '?format=json', '?format=ndjson'],
  stream: [''],
  live: [''],
  alerts: [''],
  'alerts/{id}': [''],
  'alerts/{id}/incidents': [''],
};

let house: AnalyticsHouse;
let tenant: TestTenant;

beforeAll(async () => {
  house = await AnalyticsHouse.open();
  tenant = await house.tenant();
  const [userId, deviceId, sessionId] = SECRET;
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  await house.store([
    aTrackedEvent({ ...tenant, userId, deviceId, sessionId, timestamp }),
    aTrackedEvent({ ...tenant, userId: NAMED, deviceId, sessionId, timestamp }),
  ]);
}, 120_000);
afterAll(() => house?.close());

const gets = () =>
  Object.entries(openApiOf(house.app).paths)
    .filter(([path, { get }]) => get && path.startsWith('/api/v1/analytics/'))
    .map(([path]) => path.slice('/api/v1/analytics/'.length));

/** The routes that only people with `tenant:write` may ask at all. */
const forOwners = (path: string) => /^(webhooks|erasures)(\/|$)/.test(path);

const filled = (path: string) =>
  path.replace('{appId}', tenant.appId).replace('{userId}', NAMED).replace('{id}', newId());

type Headers = Record<string, string>;

async function told(path: string, query: string, headers: Headers): Promise<string> {
  if (path === 'live') return liveTold(headers);
  const url = new URL(`/api/v1/analytics/${filled(path)}${query}`, house.url);
  const response = await fetch(url, { headers });
  expect([path, response.status]).toEqual([path, path.includes('{id}') ? 404 : 200]);
  if (path !== 'stream') return response.text();
  const reader = response.body!.getReader();
  let text = '';
  while (!text.includes('data:')) text += Buffer.from((await reader.read()).value ?? []).toString();
  await reader.cancel();
  return text;
}

function liveTold(headers: Headers): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${house.url.replace('http', 'ws')}/api/v1/analytics/live`, { headers });
    socket.on('error', reject);
    socket.on('message', (message: Buffer) => {
      socket.close();
      resolve(message.toString());
    });
  });
}

/** What of a secret stands in the answers to all questions, by path. */
async function leaksTo(headers: Headers): Promise<string[]> {
  const leaks: string[] = [];
  for (const [path, queries] of Object.entries(QUESTIONS))
    for (const query of queries) {
      if (path.startsWith('alerts') && 'x-api-key' in headers) continue;
      const text = await told(path, query, headers);
      leaks.push(...SECRET.filter((secret) => text.includes(secret)).map((secret) => `${path}: ${secret}`));
    }
  return leaks;
}

describe('who a person is', () => {
  it('has been decided for every route there is', () => {
    const open = gets().filter((path) => !forOwners(path));
    expect(open.sort()).toEqual(Object.keys(QUESTIONS).sort());
  });

  it('is told to no API key that did not name them, by no route', async () => {
    expect(await leaksTo({ 'x-api-key': await house.key(tenant) })).toEqual([]);
  }, 60_000);

  it('is told to no reader who did not name them, by no route', async () => {
    expect(await leaksTo({ authorization: `Bearer ${house.token(tenant)}` })).toEqual([]);
  }, 60_000);

  it('is told to owners and admins, by the lists of sessions and of activity, and by an export that asks for it', async () => {
    const headers = { authorization: `Bearer ${house.token(tenant, 'analytics:read tenant:write')}` };
    expect(await leaksTo(headers)).toEqual([
      ...Array<string>(2).fill(`sessions/list: ${SECRET[0]}`),
      ...[SECRET[1], SECRET[2], SECRET[1], SECRET[2]].map((id) => `users/{userId}/activity: ${id}`),
    ]);
    const file = await told('export', '?format=json&identities=true', headers);
    expect(SECRET.filter((secret) => !file.includes(secret))).toEqual([]);
  }, 60_000);

  it('is told of whom the question names', async () => {
    const headers = { 'x-api-key': await house.key(tenant) };
    expect(await told('sessions/list', `?userId=${NAMED}`, headers)).toContain(`"userId":"${NAMED}"`);
  });

  it('is not asked by who may not: webhooks tell ids, erasures of persons', async () => {
    for (const path of gets().filter(forOwners)) {
      const url = `${house.url}/api/v1/analytics/${path.replaceAll(/\{\w+\}/g, newId())}`;
      for (const headers of [
        { 'x-api-key': await house.key(tenant) },
        { authorization: `Bearer ${house.token(tenant)}` },
      ] as Headers[])
        expect([path, (await fetch(url, { headers })).status]).toEqual([path, 403]);
    }
  });
});
