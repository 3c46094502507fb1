import { randomUUID } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { call, eventually } from '@libs/testing';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { EventsHouse, TestTenant } from './events.house';
import { aPageView } from './sdk-event.builder';

let house: EventsHouse;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open({ apart: true, environment: { LOG_LEVEL: 'debug' } });
  tenant = await house.tenant();
  key = await house.key(tenant);
});
afterAll(() => house.close());

const send = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call<CollectedResponse & { code?: string; errors?: { path: string; code: string }[] }>(
    house.url,
    `/api/v1/events${path}`,
    { body, headers: { 'x-api-key': key, ...headers } },
  );

describe('the two forms', () => {
  it('give one answer', async () => {
    const [id, timestamp] = [randomUUID(), new Date(Date.now() - 1_000).toISOString()];
    const sdk = { ...aPageView({ event_id: id, timestamp }) };
    const track = { eventType: 'page_view', eventId: randomUUID(), timestamp };
    const bad = [
      [{ ...sdk, event_id: 'x' }, 7, sdk],
      [{ ...track, eventId: 'x' }, 7, track],
    ];
    const answers = [
      await send('', sdk),
      await send('/track', track),
      await send('/batch', { events: bad[0] }),
      await send('/track/batch', { events: bad[1] }),
    ].map(({ status, body }) => ({ status, body }));
    expect(answers[0]).toEqual({ status: 202, body: { accepted: 1, duplicates: 0, rejected: [] } });
    expect(answers[1]).toEqual(answers[0]);
    const shape = ({ body }: (typeof answers)[number]) => ({
      ...body,
      rejected: body.rejected.map((each) => Object.keys(each).filter((name) => name !== 'event_id')),
    });
    expect(answers[2]).toMatchObject({ status: 202, body: { accepted: 1, duplicates: 1 } });
    expect(answers[3]?.status).toBe(202);
    expect(shape(answers[3] as (typeof answers)[number])).toEqual(
      shape(answers[2] as (typeof answers)[number]),
    );
  });

  it('take any type by hand, and the nineteen from the SDK', async () => {
    const eventId = randomUUID();
    expect(
      (await send('/track', { eventType: 'boleto_printed', eventId, metadata: { pages: 2 } })).body,
    ).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [],
    });
    expect((await send('', aPageView({ event_type: 'boleto_printed' }))).body).toMatchObject({ accepted: 0 });
    await eventually(() =>
      expect(house.logged.find(eventId)).toMatchObject({ source: 'track', properties: { pages: 2 } }),
    );
  });

  it('correct a wrong clock by when the request was sent', async () => {
    const [ahead, one, two] = [3 * 3_600_000, randomUUID(), randomUUID()];
    const theirs = (ago: number) => new Date(Date.now() + ahead - ago).toISOString();
    const event = aPageView({ event_id: one, timestamp: theirs(60_000) });
    expect((await send('/batch', { events: [event], sent_at: theirs(0) })).body.accepted).toBe(1);
    const short = { eventType: 'page_view', eventId: two, timestamp: theirs(60_000), sentAt: theirs(0) };
    expect((await send('/track', short)).body.accepted).toBe(1);
    for (const id of [one, two])
      await eventually(() => {
        const logged = house.logged.find(id);
        const age = Date.parse(logged?.receivedAt ?? '') - Date.parse(logged?.occurredAt ?? '');
        expect(Math.abs(age - 60_000)).toBeLessThan(2_000);
      });
    expect(house.logged.find(one)?.timestamp).toBe(event.timestamp);
  });
});

describe('the document', () => {
  interface Schema {
    required?: string[];
    properties?: Record<string, Schema>;
    allOf?: Schema[];
    $ref?: string;
    type?: string;
    format?: string;
    enum?: string[];
    example?: string;
  }

  it.each([
    ['SdkEvent', ''],
    ['TrackEvent', '/track'],
  ])('says of %s what is required, and what may be', async (name, path) => {
    const document = await fetch(`${house.url}/api-docs-json`);
    const { components } = (await document.json()) as { components: { schemas: Record<string, Schema> } };
    const schemaOf = ({ $ref, allOf, ...schema }: Schema): Schema => {
      const to = $ref ?? allOf?.[0]?.$ref;
      return to === undefined ? schema : (components.schemas[to.split('/').at(-1) as string] as Schema);
    };
    const valueOf = (told: Schema, all: boolean): unknown => {
      const schema = schemaOf(told);
      if (schema.properties) return made(schema, all);
      if (schema.example !== undefined) return schema.example;
      if (schema.format === 'uuid') return randomUUID();
      if (schema.format === 'date-time') return new Date().toISOString();
      if (schema.type === 'object') return {};
      return schema.enum?.[0] ?? (schema.type === 'string' ? 'x' : 1);
    };
    const made = ({ properties = {}, required = [] }: Schema, all: boolean): Record<string, unknown> =>
      Object.fromEntries(
        (all ? Object.keys(properties) : required).map((key) => [
          key,
          valueOf(properties[key] as Schema, all),
        ]),
      );
    const schema = components.schemas[name] as Schema;
    for (const all of [false, true])
      expect((await send(path, made(schema, all))).body).toMatchObject({ accepted: 1, rejected: [] });
    for (const property of schema.required ?? []) {
      const { [property]: _, ...without } = made(schema, false);
      expect((await send(path, without)).body.rejected).toMatchObject([{ code: 'missing_property' }]);
    }
  });
});

describe('a batch as a whole', () => {
  it.each([
    ['empty', { events: [] }, 422, 'batch_size'],
    ['of 101', { events: Array.from({ length: 101 }, () => aPageView()) }, 422, 'batch_size'],
    ['without events', {}, 400, 'missing_property'],
    ['that is no list', { events: {} }, 400, 'malformed_events'],
    ['that is a list', [aPageView()], 400, 'malformed_body'],
    ['with something more', { events: [aPageView()], tenant_id: 'x' }, 400, 'unknown_property'],
    ['sent nobody knows when', { events: [aPageView()], sent_at: 'yesterday' }, 400, 'malformed_sent_at'],
  ])('%s is refused', async (_name, body, status, code) => {
    const answer = await send('/batch', body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is not sunk by a text or a number in one of its events that cannot be kept as it came', async () => {
    const [cut, zero, large, good] = Array.from({ length: 4 }, () =>
      aPageView({ properties: { título: 'Olá #' } }),
    ) as Record<string, unknown>[];
    const text = JSON.stringify({ events: [cut, zero, large, good], sent_at: new Date().toISOString() })
      .replace('título', 't\\u0000tulo')
      .replace('#', '\\ud83d') // what is left of an emoji where a text was cut
      .replace('Olá #', 'Olá \\u0000')
      .replace('"Olá #"', '12345678901234567890');
    const answer = await fetch(`${house.url}/api/v1/events/batch`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', 'x-api-key': key },
    });
    expect(await answer.json()).toEqual({
      accepted: 3,
      duplicates: 0,
      rejected: [
        {
          index: 2,
          event_id: large?.event_id,
          code: 'number_out_of_range',
          message: expect.stringContaining('send it as text'),
        },
      ],
    });
    await eventually(() => expect(house.logged.find(good?.event_id as string)).toBeDefined());
    const kept = (event?: Record<string, unknown>) =>
      house.logged.find(event?.event_id as string)?.properties;
    expect(kept(cut)).toEqual({ 't\ufffdtulo': 'Olá \ufffd' });
    expect(kept(zero)).toEqual({ título: 'Olá \ufffd' });
  });

  it('may say null for when it was sent', async () => {
    for (const [path, body] of [
      ['/batch', { events: [aPageView()], sent_at: null }],
      ['/track', { eventType: 'page_view', sentAt: null }],
    ] as const)
      expect((await send(path, body)).body).toMatchObject({ accepted: 1 });
  });

  it('of 100 is taken', async () => {
    const events = Array.from({ length: 100 }, () => aPageView());
    expect((await send('/batch', { events })).body).toEqual({ accepted: 100, duplicates: 0, rejected: [] });
  });

  it('is taken whatever it was compressed by', async () => {
    const text = JSON.stringify({ events: Array.from({ length: 50 }, () => aPageView()) });
    for (const [encoding, compress] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ] as const) {
      const answer = await fetch(`${house.url}/api/v1/events/batch?key=${key}`, {
        method: 'POST',
        body: compress(text),
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      });
      expect(await answer.json()).toMatchObject({ accepted: 50, rejected: [] });
    }
  });

  it('and a single event have their sizes', async () => {
    const large = (size: number) => aPageView({ properties: { note: 'a'.repeat(size) } });
    const single = await send('', large(256 * 1024));
    expect([single.status, single.body.code]).toEqual([413, 'event_too_large']);
    const batch = await send('/batch', { events: [aPageView(), large(256 * 1024), aPageView()] });
    expect(batch.body).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'event_too_large' }] });
    const all = await send('/batch', { events: Array.from({ length: 5 }, () => large(250 * 1024)) });
    expect([all.status, all.body.code]).toEqual([413, 'body_too_large']);
  });
});

describe('what is left behind', () => {
  it('is no write key in any log, and nobody’s data', async () => {
    const event = aPageView({ properties: { note: 'CPF 529.982.247-25, dona@padaria.example' } });
    expect((await call(house.url, `/api/v1/events?key=${key}`, { body: event })).status).toBe(202);
    await call(house.url, `/api/v1/events?key=${key}x`, { body: event });
    await call(house.url, `/api/v1/events/nothing?key=${key}`, { body: event });
    await call(house.url, `/api/v1/events/batch?key=${key}`, { body: { events: 1 } });
    await eventually(() => expect(house.process?.tail).toContain('"route":"/api/v1/events/batch"'));
    expect(house.process?.tail).not.toContain(key);
    await eventually(() => expect(house.logged.find(event.event_id)).toBeDefined());
    for (const text of [house.process?.tail ?? '', JSON.stringify(house.logged.find(event.event_id))])
      expect(text).not.toMatch(/529\.982|dona@/);
  });

  it('is in the metrics, by form and code, never by tenant', async () => {
    await send('', aPageView({ event_type: 'nothing' }));
    const text = await (await fetch(`${house.url}/metrics`)).text();
    expect(text).toMatch(/^events_accepted_total\{source="sdk"\} \d+$/m);
    expect(text).toMatch(/^events_accepted_total\{source="track"\} \d+$/m);
    expect(text).toMatch(/^events_rejected_total\{source="sdk",code="unknown_event_type"\} \d+$/m);
    expect(text).toMatch(/^events_duplicates_total \d+$/m);
    expect(text).toMatch(/^events_log_queue_bytes 0$/m);
    expect(text).not.toContain(tenant.tenantId);
  });
});
