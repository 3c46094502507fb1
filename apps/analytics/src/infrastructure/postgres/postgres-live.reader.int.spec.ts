import { randomUUID } from 'node:crypto';
import { newId, TenantId } from '@libs/kernel';
import { ReceivedEvent } from '@libs/tracked-events';
import { Client } from 'pg';
import { Analytics, AnalyticsDatabase } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { LiveReader } from '../../application/live/live.reader';
import { StoreEvents } from '../../application/store-events';
import { PostgresLiveReader } from './postgres-live.reader';

const MINUTE = 60_000;

describe('PostgresLiveReader', () => {
  let database: AnalyticsDatabase;
  let worker: Analytics;
  let api: Analytics;
  let admin: Client;
  let live: LiveReader;
  const now = new Date(Math.floor(Date.now() / 1_000) * 1_000);

  beforeAll(async () => {
    database = await AnalyticsDatabase.create();
    worker = await database.worker();
    api = await database.api({ provide: LiveReader, useClass: PostgresLiveReader });
    live = api.get(LiveReader);
    admin = database.admin;
  }, 60_000);
  afterAll(() => database?.close());

  const store = (events: readonly ReceivedEvent[]) => worker.get(StoreEvents).execute(events);
  const countsOf = async (tenantId: TenantId, appId: string, asOf: Date) =>
    (await live.counts(tenantId, [appId], asOf))[0]!;

  /** Visits of up to five events, some of them over, of visitors that come twice, in the last two hours. */
  function traffic(tenantId: TenantId, appId: string): ReceivedEvent[] {
    return Array.from({ length: 120 }, (_, visitor) => {
      const deviceId = newId();
      const began = now.getTime() - Math.random() * 110 * MINUTE;
      return Array.from({ length: 1 + (visitor % 5) }, (_, step) => {
        const at = new Date(Math.min(began + step * (visitor % 11) * MINUTE, now.getTime())).toISOString();
        return aTrackedEvent({
          tenantId,
          appId,
          eventId: randomUUID(),
          timestamp: at,
          occurredAt: at,
          userId: undefined,
          deviceId,
          country: ['BR', 'BR', 'PT', undefined][visitor % 4],
          context: { url: `https://app.moneyflow.com/${'abcdefghijklmn'[(visitor + step) % 14]}` },
          device: { kind: visitor % 3 === 0 ? 'mobile' : 'desktop' },
        } as Partial<ReceivedEvent>);
      });
    }).flat();
  }

  /** The same, counted by hand. */
  function byHand(events: readonly ReceivedEvent[]) {
    const since = (minutes: number) =>
      events.filter(({ occurredAt }) => Date.parse(occurredAt) > now.getTime() - minutes * MINUTE);
    // of several of one moment the least page is the one that the visitor is at
    const urlOf = ({ context }: ReceivedEvent) => String(context.url).replace('https://', '');
    const inOrder = since(5).sort(
      (a, b) => a.occurredAt.localeCompare(b.occurredAt) || urlOf(b).localeCompare(urlOf(a)),
    );
    const last = new Map(inOrder.map((event) => [event.deviceId, event]));
    const tally = (valueOf: (event: ReceivedEvent) => string) =>
      [...Map.groupBy(last.values(), valueOf)]
        .map(([value, visitors]) => ({ value, visitors: visitors.length }))
        .sort((a, b) => b.visitors - a.visitors || (a.value < b.value ? -1 : 1))
        .slice(0, 10);
    return {
      activeVisitors: { count: last.size, method: 'exact', error: 0 },
      activeSessions: new Set(since(30).map(({ deviceId }) => deviceId)).size,
      eventsLastMinute: since(1).length,
      eventsLast30Minutes: since(30).length,
      pages: tally(urlOf),
      countries: tally(({ country }) => country ?? ''),
    };
  }

  const between = (events: readonly ReceivedEvent[], then: Date, minutes: number) =>
    events
      .map(({ occurredAt }) => Date.parse(occurredAt))
      .filter((at) => at > then.getTime() - minutes * MINUTE && at <= then.getTime()).length;

  it('counts what a count by hand does', async () => {
    for (let round = 0; round < 5; round++) {
      const [tenantId, appId] = [aTenant(), newId()];
      const events = traffic(tenantId, appId);
      await store(events);
      const told = await countsOf(tenantId, appId, now);
      expect(told).toMatchObject({ appId, asOf: now.toISOString(), ...byHand(events) });
      // of any second: the half hour is made of quarters and of what is between
      for (let minutes = 0; minutes < 60; minutes += 0.75) {
        const then = new Date(now.getTime() - Math.round(minutes * 60) * 1_000);
        const { eventsLastMinute, eventsLast30Minutes } = await countsOf(tenantId, appId, then);
        expect([eventsLastMinute, eventsLast30Minutes]).toEqual([
          between(events, then, 1),
          between(events, then, 30),
        ]);
      }
    }
  });

  it('tells of several applications at once what it tells of each', async () => {
    const [tenantId, one, other] = [aTenant(), newId(), newId()];
    await store([...traffic(tenantId, one), ...traffic(tenantId, other)]);
    const apps = [other, newId(), one];
    const together = await live.counts(tenantId, apps, now);
    expect(together.map(({ appId }) => appId)).toEqual(apps);
    for (const counts of together) expect(counts).toEqual(await countsOf(tenantId, counts.appId, now));
  });

  it('tells nothing of another tenant’s application, by either wall', async () => {
    const [tenantId, appId] = [aTenant(), newId()];
    await store(traffic(tenantId, appId));
    expect(await countsOf(aTenant(), appId, now)).toMatchObject({
      seq: '0',
      activeSessions: 0,
      eventsLast30Minutes: 0,
      pages: [],
    });
    const rows = await api.as(aTenant(), () =>
      api.sql.query('select 1 from analytics.sessions where tenant_id = $1', [tenantId]),
    );
    expect(rows).toEqual([]);
  });

  it('tells the clock, and every application under a number that each change changes', async () => {
    const [tenantId, appId] = [aTenant(), newId()];
    const seq = async () => (await live.look([{ tenantId, appId }])).states[0]!.seq;
    expect(await seq()).toBe('0');
    await store(traffic(tenantId, appId));
    const stored = await seq();
    expect(stored).toMatch(/^[1-9]\d*$/);
    expect((await countsOf(tenantId, appId, now)).seq).toBe(stored);
    // as an erasure does: what it deletes is marked in the same transaction
    const mark = `insert into analytics.rebuild_day as known (tenant_id, app_id, day) values ($1, $2, (now() at time zone 'utc')::date)
      on conflict (tenant_id, app_id, day) do update set marks = known.marks + 1`;
    const seen = new Set([stored]);
    for (let part = 0; part < 2; part++) {
      await admin.query(mark, [tenantId, appId]);
      seen.add(await seq());
    }
    expect(seen.size).toBe(3);
    expect((await countsOf(tenantId, appId, now)).seq).toBe(await seq());
    const { clock } = await live.look([]);
    expect(Math.abs(clock.getTime() - Date.now())).toBeLessThan(1_000);
  });
});
