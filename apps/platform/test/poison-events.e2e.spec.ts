import { Client } from 'pg';
import { Entrances, eventually } from '@libs/testing';
import { HouseInProcess } from './house-in-process';
import { EventCompany } from './tracking/event-company';
import { honestEvent, PoisonEvent, poisonEvents } from './tracking/poison';

const AT_ONCE = 50;
const PATIENTLY = { within: 60_000, every: 250 };

interface Told {
  accepted: number;
  rejected: { index: number; code: string }[];
}

let house: HouseInProcess;
let company: EventCompany;
let admin: Client;

beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true); // the mails of a house without a mail server
  house = await HouseInProcess.open();
  const { url } = house;
  const at: Entrances = { auth: url, releases: url, consolidated: url, events: url, analytics: url };
  company = await EventCompany.found(at);
  admin = new Client({ connectionString: house.database.adminUrl });
  await admin.connect();
}, 180_000);
afterAll(async () => {
  await admin?.end();
  await house?.close();
  jest.restoreAllMocks();
});

const send = async (path: string, body: string): Promise<{ status: number; body: Told }> => {
  const headers = { 'content-type': 'application/json', 'x-api-key': company.key };
  const answer = await fetch(`${house.url}/api/v1/events${path}`, { method: 'POST', headers, body });
  return { status: answer.status, body: (await answer.json()) as Told };
};

const count = async (sql: string): Promise<number> => {
  const { rows } = await admin.query<{ count: string }>(sql, [company.tenantId]);
  return Number(rows[0]?.count);
};

const REFUSED_LATER = `select count(*) from events.rejected_event where tenant_id = $1 and stage <> 'collector'`;
const LETTERS = 'select count(*) from events.dead_letter where tenant_id = $1';

describe('whatever is put wherever into an event', () => {
  /** Each accepted event's id, and what was put where. */
  const accepted = new Map<string, string>();
  let sent = 0;
  const accept = (events: readonly PoisonEvent[], { rejected }: Told) => {
    const refused = new Set(rejected.map(({ index }) => index));
    for (const [index, { id, name }] of events.entries())
      if (!refused.has(index)) accepted.set(id ?? name, name);
  };

  it('is accepted or refused by itself, without an error of ours', async () => {
    const strange: string[] = [];
    const one = async (event: PoisonEvent) => {
      const { form, name, text } = event;
      const { status, body } = await send(form === 'sdk' ? '' : '/track', text);
      if (![202, 400, 413, 422].includes(status)) strange.push(`${status} ${name}`);
      if (status === 202) accept([event], body);
    };
    const together = async (form: 'sdk' | 'track', events: PoisonEvent[]) => {
      const path = form === 'sdk' ? '/batch' : '/track/batch';
      const { status, body } = await send(path, `{"events":[${events.map(({ text }) => text).join(',')}]}`);
      if (status === 202) accept(events, body);
      // what no body may have, no event can be told apart for
      else for (const event of events) await one(event);
      if (status >= 500) strange.push(`${status} a batch from ${events[0]?.name}`);
    };
    const waiting = { sdk: [] as PoisonEvent[], track: [] as PoisonEvent[] };
    for (const event of poisonEvents()) {
      sent += 1;
      waiting[event.form].push(event);
      if (waiting[event.form].length === AT_ONCE) await together(event.form, waiting[event.form].splice(0));
    }
    await together('sdk', waiting.sdk);
    await together('track', waiting.track);
    expect(strange).toEqual([]);
    expect(sent).toBeGreaterThan(2_000);
    expect(accepted.size).toBeGreaterThan(sent / 4);
  }, 240_000);

  it('is stored by everybody who reads the log, whole, and stops nobody', async () => {
    const honest = Array.from({ length: 20 }, honestEvent);
    const { body } = await send('/batch', `{"events":[${honest.join(',')}]}`);
    expect(body.accepted).toBe(20);
    const ids = honest.map((text) => (JSON.parse(text) as { event_id: string }).event_id);
    await eventually(async () => {
      for (const table of ['analytics.events', 'events.user_events', 'events.transactions']) {
        const { rows } = await admin.query<{ found: string }>(
          `select count(*) as found from ${table} where event_id = any ($1::uuid[])`,
          [ids],
        );
        expect([table, Number(rows[0]?.found)]).toEqual([table, 20]);
      }
      const { rows } = await admin.query<{ event_id: string }>(
        // without the probe of who was founded
        `select event_id from analytics.events where tenant_id = $1 and event_type <> 'heartbeat'`,
        [company.tenantId],
      );
      const stored = new Set(rows.map((row) => row.event_id));
      const named = [...accepted].filter(([id, name]) => id !== name);
      expect(named.filter(([id]) => !stored.has(id))).toEqual([]);
      expect(stored.size).toBe(accepted.size + honest.length);
    }, PATIENTLY);
    expect(await count(REFUSED_LATER)).toBe(0);
    expect(await count(LETTERS)).toBe(0);
  }, 90_000);

  it('is told by every report', async () => {
    const headers = { 'x-api-key': company.key };
    const ask = async (path: string) => {
      const answer = await fetch(`${house.url}/api/v1/analytics/${path}`, { headers });
      const text = await answer.text();
      expect([path, answer.status]).toEqual([path, 200]);
      expect(text.isWellFormed()).toBe(true);
      return text;
    };
    for (const breakdown of ['device', 'browser', 'os', 'country', 'referrer', 'url'])
      await ask(`events/summary?breakdown=${breakdown}&limit=500`);
    for (const path of [
      'events/timeline?interval=hour',
      'pages?limit=500',
      'sessions',
      'sessions/list?limit=100',
    ])
      await ask(path);
    for (const format of ['csv', 'json', 'ndjson']) {
      const text = await ask(`export?format=${format}`);
      if (format === 'json') JSON.parse(text);
      if (format === 'ndjson') for (const line of text.trim().split('\n')) JSON.parse(line);
    }
  }, 60_000);
});
