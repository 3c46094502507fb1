import { INestApplication } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { newId } from '@libs/kernel';
import { call, eventually } from '@libs/testing';
import { eventsSinkConfig } from '../src/events.config';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import {
  RejectionPageResponse,
  ReplayedResponse,
  WholeRejectionResponse,
} from '../src/interfaces/http/rejection.response';
import { createEventsSink } from '../src/sink.app';
import { EventsHouse, TestTenant } from './events.house';
import { aPageView } from './sdk-event.builder';

const SECRET = 'a secret for tests, thirty-two characters at least';
const READS = 'analytics:read';
const REPLAYS = 'events:write analytics:read';
const TOO_OLD = '2019-05-01T12:00:00.000Z';

let house: EventsHouse;
let sink: INestApplication;
let tenant: TestTenant;

beforeAll(async () => {
  house = await EventsHouse.open();
  sink = await createEventsSink(
    eventsSinkConfig.parse({
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: house.database.urlFor('events_worker'),
      DATABASE_RELAY_URL: house.database.urlFor('events_relay'),
      EVENT_LOG_URL: house.database.urlFor('event_log'),
      EVENT_PSEUDONYM_SECRET: SECRET,
    }),
  );
  tenant = await house.tenant();
});
afterAll(async () => {
  await sink?.close();
  await house?.close();
});

const as = (scope: string, of = tenant) => ({ authorization: `Bearer ${house.token(of, scope)}` });
const get = <T>(path: string, headers = as(READS)) =>
  call<T>(house.url, `/api/v1/events/rejected${path}`, { headers });
const replay = (body: object, headers = as(REPLAYS)) =>
  call<ReplayedResponse & { code?: string }>(house.url, '/api/v1/events/rejected/replay', { body, headers });

async function send(path: string, body: object, of = tenant): Promise<CollectedResponse> {
  const headers = { 'x-api-key': await house.key(of) };
  // a key is known at the next look at the directory
  return eventually(async () => {
    const answer = await call<CollectedResponse>(house.url, `/api/v1/events${path}`, { body, headers });
    expect(answer.status).toBe(202);
    return answer.body;
  });
}

/** The rejections of a tenant, once there are `count`. */
async function kept(count: number, of = tenant, query = '?limit=200') {
  return eventually(async () => {
    const { status, body } = await get<RejectionPageResponse>(query, as(READS, of));
    expect({ status, count: body.items.length }).toEqual({ status: 200, count });
    return body.items;
  });
}

/** As a newer deployment would: what was refused then is accepted now. */
async function mend(of: TestTenant, event: object) {
  await house.admin.query('update events.rejected_event set event = $2 where tenant_id = $1', [
    of.tenantId,
    JSON.stringify(event),
  ]);
}

describe('rejected events', () => {
  it('are kept with the reason, and shown whole without personal data', async () => {
    const mine = await house.tenant();
    const bad = aPageView({ event_type: 'page_vew', properties: { note: 'CPF 529.982.247-25' } });
    await send('/batch', { events: [bad, aPageView()] }, mine);
    const [first] = await kept(1, mine);
    expect(first).toMatchObject({
      eventId: bad.event_id,
      eventType: 'page_vew',
      code: 'unknown_event_type',
      stage: 'collector',
      source: 'sdk',
      appId: mine.appId,
      attempts: 0,
    });
    const whole = await get<WholeRejectionResponse>(`/${first?.id}`, as(READS, mine));
    expect(whole.body.event).toMatchObject({
      event_type: 'page_vew',
      properties: { note: 'CPF ***.***.***-25' },
    });
  });

  it('can be filtered and paged', async () => {
    const mine = await house.tenant();
    await send(
      '/batch',
      {
        events: [
          ...Array.from({ length: 5 }, () => aPageView({ event_type: 'page_vew' })),
          ...Array.from({ length: 3 }, () => aPageView({ timestamp: TOO_OLD })),
        ],
      },
      mine,
    );
    await kept(8, mine);
    expect(await kept(5, mine, '?code=unknown_event_type')).toHaveLength(5);
    expect(await kept(3, mine, '?eventType=page_view&replayed=false')).toHaveLength(3);
    await kept(0, mine, '?replayed=true');
    await kept(0, mine, '?to=2020-01-01T00:00:00Z');
    const seen = new Set<string>();
    let cursor = '';
    for (let page = 0; page < 3; page++) {
      const { body } = await get<RejectionPageResponse>(`?limit=3${cursor}`, as(READS, mine));
      body.items.forEach(({ id }) => seen.add(id));
      cursor = `&cursor=${body.nextCursor}`;
      expect(body.nextCursor === null).toBe(page === 2);
    }
    expect(seen.size).toBe(8);
  });

  it('become events when the reason is gone, once however often they are sent again', async () => {
    const mine = await house.tenant();
    const event = aPageView({ event_type: 'page_vew' });
    await send('', event, mine);
    const [rejection] = await kept(1, mine);
    await mend(mine, { ...event, event_type: 'page_view' });
    const answers = await Promise.all(
      [1, 2, 3].map(() => replay({ ids: [rejection?.id] }, as(REPLAYS, mine))),
    );
    for (const { status, body } of answers)
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { accepted: 1, rejected: [], nextCursor: null },
      });
    await eventually(() => expect(house.logged.find(event.event_id)).toBeDefined());
    const told = house.logged.all().filter(({ eventId }) => eventId === event.event_id);
    // one key: the sinks keep one of them
    expect(
      new Set(told.map(({ tenantId, eventId, timestamp }) => `${tenantId} ${eventId} ${timestamp}`)).size,
    ).toBe(1);
    expect(told[0]).toMatchObject({
      appId: mine.appId,
      receivedAt: rejection?.receivedAt,
      tenantId: mine.tenantId,
    });
    const [after] = await kept(1, mine, '?replayed=true');
    expect(after).toMatchObject({ attempts: 3, replayedAt: expect.any(String) });
    expect((await replay({}, as(REPLAYS, mine))).body).toMatchObject({ accepted: 0, rejected: [] });
  });

  it('that lack an id get one, the same in every replay', async () => {
    const mine = await house.tenant();
    await send('/track', { eventType: 'Nota', metadata: { n: 1 } }, mine);
    const [rejection] = await kept(1, mine);
    await mend(mine, { eventType: 'nota', metadata: { n: 1 } });
    for (const _ of [1, 2]) await replay({ ids: [rejection?.id] }, as(REPLAYS, mine));
    await eventually(() => {
      const told = house.logged.all().filter(({ tenantId }) => tenantId === mine.tenantId);
      expect(told.map(({ eventId, timestamp }) => ({ eventId, timestamp }))).toEqual([
        { eventId: rejection?.id, timestamp: rejection?.receivedAt },
        { eventId: rejection?.id, timestamp: rejection?.receivedAt },
      ]);
    });
  });

  it('that are refused again stay one, with the reason of today', async () => {
    const mine = await house.tenant();
    const event = aPageView({ event_type: 'page_vew' });
    await send('', event, mine);
    const [rejection] = await kept(1, mine);
    await mend(mine, { ...event, event_type: 'page_view', timestamp: TOO_OLD });
    const { body } = await replay({ code: 'unknown_event_type' }, as(REPLAYS, mine));
    expect(body).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: [{ id: rejection?.id, code: 'too_old', message: expect.any(String) }],
      nextCursor: null,
    });
    const [after] = await kept(1, mine);
    expect(after).toMatchObject({ code: 'too_old', attempts: 1 });
    expect(after?.replayedAt).toBeUndefined();
  });

  it('stay the person’s who sent them, whoever replays them and whoever they say they are of', async () => {
    const mine = await house.tenant();
    const person = newId();
    const headers = { authorization: `Bearer ${house.token(mine, 'events:write', person as never)}` };
    const event = aPageView({ event_type: 'page_vew', user: { user_id: 'somebody else', device_id: 'd' } });
    await call(house.url, '/api/v1/events', { body: event, headers });
    const [rejection] = await kept(1, mine);
    expect(rejection?.userId).toBe(person);
    await mend(mine, { ...event, event_type: 'page_view' });
    await replay({}, as(REPLAYS, mine));
    await eventually(() => expect(house.logged.find(event.event_id)).toMatchObject({ userId: person }));
  });

  it('name nobody by personal data', async () => {
    const mine = await house.tenant();
    const event = aPageView({
      event_type: 'page_vew',
      user: { user_id: 'maria@exemplo.com', device_id: 'd' },
    });
    await send('', event, mine);
    const [rejection] = await kept(1, mine);
    expect(rejection?.userId).toMatch(/^p_[\w-]{22}$/);
  });

  it('keep the skew of the clock that sent them', async () => {
    const mine = await house.tenant();
    const ahead = (ms: number) => new Date(Date.now() + 3_600_000 + ms).toISOString();
    const event = aPageView({ event_type: 'page_vew', timestamp: ahead(-60_000) });
    await send('/batch', { events: [event], sent_at: ahead(0) }, mine);
    const [rejection] = await kept(1, mine);
    await mend(mine, { ...event, event_type: 'page_view' });
    await replay({}, as(REPLAYS, mine));
    const told = await eventually(() => {
      const found = house.logged.find(event.event_id);
      expect(found).toBeDefined();
      return found;
    });
    const age = Date.parse(rejection?.receivedAt ?? '') - Date.parse(told?.occurredAt ?? '');
    expect(Math.abs(age - 60_000)).toBeLessThan(5_000);
  });

  it('are nobody else’s: not to see, not to replay', async () => {
    const [mine, other] = [await house.tenant(), await house.tenant()];
    await send('', aPageView({ event_type: 'page_vew' }), mine);
    const [rejection] = await kept(1, mine);
    await kept(0, other);
    expect(await get(`/${rejection?.id}`, as(READS, other))).toMatchObject({
      status: 404,
      body: { code: 'rejected_event_not_found' },
    });
    expect((await replay({ ids: [rejection?.id] }, as(REPLAYS, other))).body).toMatchObject({
      accepted: 0,
      rejected: [{ id: rejection?.id, code: 'rejected_event_not_found' }],
    });
    const [after] = await kept(1, mine);
    expect(after?.attempts).toBe(0);
    const { body } = await get<RejectionPageResponse>('?limit=1', as(READS, mine));
    const carried = await get<RejectionPageResponse>(`?cursor=${body.nextCursor ?? ''}`, as(READS, other));
    expect(carried.body.items ?? []).toEqual([]);
  });

  it.each([
    ['a write key', 'GET', ['events:write'], 403],
    ['a reading key', 'GET', ['analytics:read'], 200],
    ['a reading key', 'POST', ['analytics:read'], 403],
    ['a write key', 'POST', ['events:write'], 403],
    ['a key that may do both', 'POST', ['events:write', 'analytics:read'], 200],
  ])('are for %s: %s', async (_who, method, scopes, status) => {
    const headers = { 'x-api-key': await house.key(tenant, { scopes }) };
    await eventually(async () => {
      const answer = method === 'GET' ? await get('', headers as never) : await replay({}, headers as never);
      expect(answer.status).toBe(status);
    });
  });

  it.each([
    ['no ids', { ids: [] }, 400, 'malformed_ids'],
    ['ids that are none', { ids: ['x'] }, 400, 'malformed_ids'],
    ['too many', { ids: Array.from({ length: 1_001 }, () => randomUUID()) }, 400, 'malformed_ids'],
    ['a code that is none', { code: 'Nope' }, 400, 'malformed_code'],
    ['a day', { from: '2026-11-22' }, 400, 'malformed_from'],
    ['a cursor of its own making', { cursor: 'x' }, 400, 'malformed_cursor'],
    ['ids and more', { ids: [randomUUID()], code: 'too_old' }, 422, 'ambiguous_replay'],
    ['a range backwards', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 422, 'invalid_range'],
  ])('refuse to be replayed by %s', async (_what, body, status, code) => {
    const answer = await call<{ code: string; errors?: { code: string }[] }>(
      house.url,
      '/api/v1/events/rejected/replay',
      { body, headers: as(REPLAYS) },
    );
    expect([answer.body.code, ...(answer.body.errors ?? []).map((each) => each.code)]).toContain(code);
    expect(answer.status).toBe(status);
  });
});
