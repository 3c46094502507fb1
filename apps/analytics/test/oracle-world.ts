import { Provider } from '@nestjs/common';
import { Client } from 'pg';
import { SqlSession } from '@libs/database';
import { Clock, newId, TenantId, TenantTransaction } from '@libs/kernel';
import { testDatabase } from '@libs/testing';
import { ReceivedEvent } from '@libs/tracked-events';
import { analyticsSchema } from '../src/analytics.schema';
import { ReportTransaction } from '../src/application/report-transaction';
import { StoreEvents } from '../src/application/store-events';
import { Period } from '../src/domain/period';
import { HeavyReading } from '../src/infrastructure/postgres/heavy-reading';
import { PostgresCohortReader } from '../src/infrastructure/postgres/postgres-cohort.reader';
import { PostgresFunnelReader } from '../src/infrastructure/postgres/postgres-funnel.reader';
import { PostgresPersonReader } from '../src/infrastructure/postgres/postgres-person.reader';
import { PostgresSessionReader } from '../src/infrastructure/postgres/postgres-session.reader';
import { ReportSql } from '../src/infrastructure/postgres/report-sql';
import { storing } from '../src/storing.wiring';
import { openAnalytics, TEST_PSEUDONYM_SECRET } from './analytics-database';
import { AnalyticsOracle, Asked } from './analytics-oracle';
import { asTheLogBringsThem, generatedEvents, seeded, TYPES } from './generated-traffic';

export const APP = newId();
const QUARTER = 15 * 60_000;
const ZONES = [
  'UTC',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Apia',
];
const OTHER_APP = newId();

/** A tenant, its zone and a week of its events. */
export interface Place {
  name: string;
  tenantId: TenantId;
  timeZone: string;
  from: Date;
  to: Date;
  /** Where its clocks change, or it is midnight. */
  turn: Date;
}

function aPlace(name: string, timeZone: string, from: string, to: string, turn: string): Place {
  return {
    name,
    tenantId: newId<TenantId>(),
    timeZone,
    from: new Date(from),
    to: new Date(to),
    turn: new Date(turn),
  };
}

/** Where clocks change within the week, and where zones are no whole hours off UTC. */
export const PLACES: readonly Place[] = [
  aPlace(
    'Sao Paulo, a day without midnight',
    'America/Sao_Paulo',
    '2018-11-01T00:00:00-03:00',
    '2018-11-08T00:00:00-02:00',
    '2018-11-04T03:00:00Z',
  ),
  aPlace(
    'Sao Paulo, a day with 23:00 twice',
    'America/Sao_Paulo',
    '2019-02-13T00:00:00-02:00',
    '2019-02-20T00:00:00-03:00',
    '2019-02-17T02:00:00Z',
  ),
  aPlace(
    'Lord Howe, put back by half an hour',
    'Australia/Lord_Howe',
    '2026-04-02T00:00:00+11:00',
    '2026-04-09T00:00:00+10:30',
    '2026-04-04T15:00:00Z',
  ),
  aPlace(
    'Kathmandu',
    'Asia/Kathmandu',
    '2026-10-01T00:00:00+05:45',
    '2026-10-08T00:00:00+05:45',
    '2026-10-04T18:15:00Z',
  ),
];

/** Far enough ahead that every day rests; what happened does not change with it. */
class LaterClock extends Clock {
  ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }
}

/** A database, the worker that fills it, the API's readers of raw events, and the oracle that knows better. */
export async function openWorld(more: { worker?: Provider[]; api?: Provider[] } = {}) {
  const database = await testDatabase([analyticsSchema]);
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const clock = new LaterClock();
  const worker = await openAnalytics(database, 'analytics_worker', [
    ...storing({ pseudonymSecret: TEST_PSEUDONYM_SECRET }).providers,
    ...(more.worker ?? []),
    { provide: Clock, useValue: clock },
  ]);
  const api = await openAnalytics(database, 'analytics_api', [
    { provide: ReportSql, useExisting: SqlSession },
    { provide: ReportTransaction, useExisting: TenantTransaction },
    {
      provide: HeavyReading,
      useFactory: (transaction: ReportTransaction, sql: ReportSql) => new HeavyReading(transaction, sql, 8),
      inject: [ReportTransaction, ReportSql],
    },
    PostgresFunnelReader,
    PostgresCohortReader,
    PostgresSessionReader,
    PostgresPersonReader,
    ...(more.api ?? []),
  ]);
  for (const { tenantId, timeZone } of PLACES) {
    await admin.query(`insert into analytics.retention values ($1, 120, '2016-12-01', now())`, [tenantId]);
    await admin.query('insert into analytics.tenant_zone values ($1, $2, 1)', [tenantId, timeZone]);
  }

  return {
    admin,
    worker,
    api,
    oracle: new AnalyticsOracle(admin),

    /** Stores a place's events as the log would bring them; another seed, other events. */
    async store({ tenantId, from, turn }: Place, seed: number, count: number): Promise<void> {
      const traffic = { tenantId, appIds: [APP, APP, APP, OTHER_APP], from, days: 7, turn, events: count };
      for (const batch of asTheLogBringsThem(generatedEvents({ ...traffic, seed }), seed))
        await storeAll(batch);
    },

    storeAll,

    /** Lets two hours go by for the worker. */
    wait(): void {
      clock.ahead += 7_200_000;
    },

    async close(): Promise<void> {
      await Promise.all([worker.close(), api.close(), admin.end()]);
      await database.drop();
    },
  };

  async function storeAll(batch: ReceivedEvent[]): Promise<void> {
    const { refused, erased } = await worker.get(StoreEvents).execute(batch);
    if (refused.length + erased > 0) throw new Error('Events of the test were refused.');
  }
}

export function allOf({ tenantId, from, to }: Place): Asked {
  return { tenantId, appId: APP, from, to };
}

/** Times within a place's week and beyond its edges, of whole quarters of an hour; the whole week first. */
export function* someQuestions(
  place: Place,
  seed: number,
  count: number,
): Generator<{ period: Period; eventType?: string }> {
  yield { period: Period.ofInstants(place.from, place.to, place.timeZone) };
  const random = seeded(seed);
  for (let i = 1; i < count; i++) {
    const start = place.from.getTime() + (random(8 * 96) - 48) * QUARTER;
    const end = start + (1 + random(random(2) === 0 ? 8 * 96 : 40)) * QUARTER;
    const timeZone = random(2) === 0 ? place.timeZone : ZONES[random(ZONES.length)]!;
    const eventType = [undefined, undefined, ...TYPES, 'of_none'][random(TYPES.length + 3)];
    yield { period: Period.ofInstants(new Date(start), new Date(end), timeZone), eventType };
  }
}
