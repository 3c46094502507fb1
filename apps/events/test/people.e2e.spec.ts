import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuditRecordedV1 } from '@libs/contracts';
import { newId, UserId } from '@libs/kernel';
import { call, eventually } from '@libs/testing';
import { EventsHouse, TestTenant } from './events.house';
import { aLoggedEvent } from './logged-event.builder';
import { openSink, OpenSink } from './projections';
import { runningSink } from './running-sink';
import { sdkEvent } from './sdk-form';

interface Progress {
  erasureId: string;
  status: string;
  completedAt: string | null;
  erased: Record<string, number>;
  code?: string;
}

const SECRET = 'a secret for tests, thirty-two characters at least';
const OWNER = 'tenant:write analytics:read events:write';

let house: EventsHouse;
let consuming: NestFastifyApplication;
let sink: OpenSink;
let tenant: TestTenant;
let stranger: TestTenant;
let token: string;

beforeAll(async () => {
  house = await EventsHouse.open();
  consuming = await runningSink(house);
  sink = await openSink(house.database, SECRET);
  [tenant, stranger] = [await house.tenant(), await house.tenant()];
  token = house.token(tenant, OWNER);
}, 120_000);
afterAll(async () => {
  await sink?.close();
  await consuming?.close();
  await house?.close();
});

/** So many transfers, and a goal. */
async function live(userId: string, transfers: number, { tenantId } = tenant): Promise<void> {
  const events = Array.from({ length: transfers }, () => aLoggedEvent({ tenantId, userId }));
  const properties = { name: '=HYPERLINK("http://evil")' };
  await sink.store.execute([
    ...events,
    aLoggedEvent({ tenantId, userId, eventType: 'goal_completed', properties }),
  ]);
}

/** So many that were refused, some of them at the same moment. */
const refuse = (userId: string, times: number, { tenantId } = tenant) =>
  house.admin.query(
    `insert into events.rejected_event
       (tenant_id, id, event_type, code, message, stage, source, app_id, user_id, received_at, event, bytes)
     select $1, gen_random_uuid(), 'page_vew', 'unknown_event_type', 'none of the 19', 'collector', 'sdk',
       gen_random_uuid(), $2, date_trunc('second', now()) - make_interval(secs => n / 3), '{"event_type":"page_vew"}', 25
     from generate_series(1, $3::int) n`,
    [tenantId, userId, times],
  );

const erase = (userId: string, as = token) =>
  call<Progress>(house.url, `/api/v1/events/users/${encodeURIComponent(userId)}`, {
    method: 'DELETE',
    token: as,
  });

const progress = (id: string, as = token) =>
  call<Progress>(house.url, `/api/v1/events/erasures/${id}`, { token: as });

const fileOf = async (userId: string, format: string, as = token) => {
  const response = await fetch(`${house.url}/api/v1/events/users/${userId}/export?format=${format}`, {
    headers: { authorization: `Bearer ${as}` },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

async function audits(): Promise<AuditRecordedV1[]> {
  const { rows } = await house.admin.query<{ messages: { payload: AuditRecordedV1 }[] }>(
    `select messages from events.outbox where tenant_id = $1 and topic = 'audit.recorded.v1' order by id`,
    [tenant.tenantId],
  );
  return rows.flatMap(({ messages }) => messages.map(({ payload }) => payload));
}

describe('the export of a person', () => {
  beforeAll(async () => {
    await live('exportada', 1_203);
    await refuse('exportada', 1_101);
    await refuse('outra pessoa', 2);
  });

  it.each(['json', 'ndjson', 'csv'])('is whole as %s, whatever its length', async (format) => {
    const { status, headers, text } = await fileOf('exportada', format);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="person.${format}"`);
    if (format === 'json') {
      const file = JSON.parse(text) as Record<string, unknown[]>;
      expect(file).toMatchObject({ userId: 'exportada', insights: [] });
      const { events, transactions, notifications, rejectedEvents } = file;
      expect([events, transactions, notifications, rejectedEvents].map((all) => all?.length)).toEqual([
        1_203, 1_203, 1, 1_101,
      ]);
      expect(rejectedEvents?.[0]).toMatchObject({
        userId: 'exportada',
        code: 'unknown_event_type',
        event: { event_type: 'page_vew' },
      });
      const ids = rejectedEvents?.map((rejected) => (rejected as { rejectionId: string }).rejectionId);
      expect(new Set(ids).size).toBe(1_101);
    } else if (format === 'ndjson') {
      const lines = text.trimEnd().split('\n');
      const kinds = Map.groupBy(lines, (line) => (JSON.parse(line) as { kind: string }).kind);
      expect([...kinds].map(([kind, all]) => [kind, all.length])).toEqual([
        ['events', 1_203],
        ['transactions', 1_203],
        ['notifications', 1],
        ['rejectedEvents', 1_101],
      ]);
    } else {
      expect(text.split('\r\n')).toHaveLength(1 + 1_203 + 1_203 + 1 + 1_101 + 1);
      // what a spreadsheet would run begins no field
      expect(text).not.toMatch(/(^|,|\n)"?[=+\-@]/);
    }
  });

  it('of nobody is empty, and whole', async () => {
    expect(JSON.parse((await fileOf('ninguem', 'json')).text)).toMatchObject({
      events: [],
      transactions: [],
      notifications: [],
      insights: [],
      rejectedEvents: [],
    });
    expect((await fileOf('exportada', 'json', house.token(stranger, OWNER))).text).toContain('"events":[]');
  });

  it('stands in the audit log, with who asked', async () => {
    const by = newId<UserId>();
    expect((await fileOf('outra', 'csv', house.token(tenant, OWNER, by))).status).toBe(200);
    expect(await audits()).toContainEqual(
      expect.objectContaining({
        action: 'events.person_exported',
        actorKind: 'person',
        actorId: by,
        target: 'outra',
        details: { format: 'csv' },
      }),
    );
  });

  it('is for owners and admins who signed in just now: no reader, no key of any kind', async () => {
    const reader = house.token(tenant, 'analytics:read events:write');
    expect((await fileOf('exportada', 'json', reader)).status).toBe(403);
    const keys = [await house.key(tenant), await house.key(tenant, { scopes: ['analytics:read'] })];
    for (const key of keys)
      await eventually(async () => expect((await fileOf('exportada', 'json', key)).status).toBe(403));
    const caller = { tenantId: tenant.tenantId, userId: newId<UserId>(), scope: OWNER };
    const stale = house.issuer.tokenFor({ ...caller, provenSecondsAgo: 301 });
    const { status, text } = await fileOf('exportada', 'json', stale);
    expect([status, JSON.parse(text)]).toMatchObject([403, { code: 'step_up_required' }]);
  });

  it('is refused in a format nobody knows', async () => {
    expect((await fileOf('exportada', 'xml')).status).toBe(400);
  });
});

describe('the erasure of a person', () => {
  it('goes from the request to the last row, and says how far it is', async () => {
    await live('apagada', 57);
    await live('apagada', 3, stranger);
    const asked = await erase('apagada');
    expect(asked.status).toBe(202);
    expect(asked.headers.get('location')).toBe(`/api/v1/events/erasures/${asked.body.erasureId}`);
    await eventually(async () =>
      expect((await progress(asked.body.erasureId)).body).toMatchObject({
        status: 'completed',
        completedAt: expect.any(String),
        erased: { userEvents: 57, transactions: 57, notifications: 1, insights: 0, rejectedEvents: 0 },
      }),
    );
    const left = await call<{ items: unknown[] }>(house.url, '/api/v1/events/users/apagada', { token });
    expect(left.body.items).toEqual([]);
    const theirs = house.token(stranger, OWNER);
    const kept = await call<{ items: unknown[] }>(house.url, '/api/v1/events/users/apagada', {
      token: theirs,
    });
    expect(kept.body.items).toHaveLength(3);
    await eventually(async () =>
      expect(
        (await audits()).filter(({ target, details }) =>
          [target, details['erasureId']].includes(asked.body.erasureId),
        ),
      ).toMatchObject([
        { action: 'events.person_erasure_requested', target: 'apagada', actorKind: 'person' },
        { action: 'events.person_erased', details: { userEvents: '57' } },
      ]),
    );
  });

  it('keeps out what is sent again afterwards through the front door, and takes what is new', async () => {
    const old = sdkEvent({ userId: 'reenviada', timestamp: new Date(Date.now() - 60_000).toISOString() });
    const key = await house.key(tenant);
    const send = (events: object[]) =>
      call(house.url, '/api/v1/events/batch', { body: { events }, headers: { 'x-api-key': key } });
    const count = async () =>
      (await call<{ items: unknown[] }>(house.url, '/api/v1/events/users/reenviada', { token })).body.items
        .length;
    await eventually(async () => expect((await send([old])).status).toBe(202));
    await eventually(async () => expect(await count()).toBe(1));
    const { erasureId } = (await erase('reenviada')).body;
    await eventually(async () => expect((await progress(erasureId)).body.status).toBe('completed'));
    const news = sdkEvent({ userId: 'reenviada', timestamp: new Date().toISOString() });
    await send([old, news, old]);
    await eventually(async () => expect(await count()).toBe(1));
    const { rows } = await house.admin.query('select event_id from events.user_events where user_id = $1', [
      'reenviada',
    ]);
    expect(rows).toEqual([{ event_id: news.event_id }]);
  });

  it('finds by an e-mail what is kept under its pseudonym, and writes the e-mail nowhere', async () => {
    const email = 'dona@padaria.example';
    const key = await house.key(tenant);
    const event = sdkEvent({ userId: email, timestamp: new Date(Date.now() - 60_000).toISOString() });
    await eventually(async () =>
      expect(
        (await call(house.url, '/api/v1/events', { body: event, headers: { 'x-api-key': key } })).status,
      ).toBe(202),
    );
    const list = async () =>
      (await call<{ items: object[] }>(house.url, `/api/v1/events?userId=${email}`, { token })).body.items;
    await eventually(async () =>
      expect(await list()).toMatchObject([{ userId: expect.stringMatching(/^p_/) }]),
    );
    const { erasureId } = (await erase(email)).body;
    await eventually(async () => expect((await progress(erasureId)).body.status).toBe('completed'));
    expect(await list()).toEqual([]);
    const { rows } = await house.admin.query<{ text: string }>(
      'select messages::text as text from events.outbox where tenant_id = $1',
      [tenant.tenantId],
    );
    expect(rows.map(({ text }) => text).join()).not.toContain(email);
  });

  it('is for owners and admins in person: no reader, no key, nobody of another tenant', async () => {
    expect((await erase('quem', house.token(tenant, 'analytics:read events:write'))).status).toBe(403);
    const key = await house.key(tenant, { scopes: ['analytics:read', 'events:write'] });
    expect((await erase('quem', key)).status).toBe(403);
    const { erasureId } = (await erase('quem')).body;
    const crossed = await progress(erasureId, house.token(stranger, OWNER));
    expect([crossed.status, crossed.body.code]).toEqual([404, 'erasure_not_found']);
    expect((await progress(newId())).status).toBe(404);
    expect((await progress("1' or '1'='1")).status).toBe(404);
  });

  it('refuses names that none can have', async () => {
    expect((await erase('x'.repeat(2_000))).status).toBe(414);
    for (const name of ['a\nb', '\u0000']) {
      const { status, body } = await erase(name);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toContain('stack');
    }
  });
});
