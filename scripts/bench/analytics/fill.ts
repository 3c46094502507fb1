import { NestFactory } from '@nestjs/core';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { BuildDays } from '../../../apps/analytics/src/application/build-days';
import { RollupStore } from '../../../apps/analytics/src/application/rollup.store';
import { SessionStore } from '../../../apps/analytics/src/application/session.store';
import { TrackedEvent } from '../../../apps/analytics/src/application/tracked-event';
import { IdentityHash, identityOf } from '../../../apps/analytics/src/domain/identity';
import { RolledEvent, rolledEvent } from '../../../apps/analytics/src/domain/rolled-event';
import { RollupDelta } from '../../../apps/analytics/src/domain/rollup-delta';
import { HmacIdentityHash } from '../../../apps/analytics/src/infrastructure/crypto/hmac-identity-hash';
import { FillingModule } from './filling.module';
import { Progress } from './progress';
import { RAW_COLUMNS, rawLine } from './raw-lines';
import { RawLoader } from './raw-loader';

export interface FillOptions {
  adminUrl: string;
  /** As the analytics worker connects. */
  workerUrl: string;
  /** For files that the server reads. */
  dir: string;
  pseudonymSecret: string;
  progress?: Progress;
}

/** Events that are stored together, in any order; no other part has one of their quarters but at its edges. */
export interface Batch {
  events: Iterable<TrackedEvent>;
  count: number;
}

/**
 * Stores events as the consumer would, much faster: raw rows by COPY, and of each batch, by the consumer's own code, one delta of
 * quarters, dimensions and sessions. A batch of a day instead of some thousand events changes nothing in what they come to, but for
 * which values get a row of their own where a quarter has more than 256 (ADR 0032).
 */
export async function fill(batches: readonly Batch[], options: FillOptions): Promise<void> {
  const module = FillingModule.forRoot(options.workerUrl);
  const app = await NestFactory.createApplicationContext(module, { logger: ['error'], abortOnError: false });
  const loader = await RawLoader.begin(options.adminUrl, options.dir, RAW_COLUMNS);
  const identities = new HmacIdentityHash(options.pseudonymSecret);
  const [transaction, rollups, sessions] = [
    app.get(TenantTransaction, { strict: false }),
    app.get(RollupStore),
    app.get(SessionStore),
  ];

  async function rollUp(events: readonly RolledEvent[]): Promise<void> {
    // hour by hour: of a whole day's quarters at once PostgreSQL would rather read all there are
    const hours = Map.groupBy(events, ({ occurredAt }) => occurredAt.slice(0, 13));
    const deltas = [...hours.keys()].sort().map((hour) => RollupDelta.of(hours.get(hour) ?? []));
    const apps = deltas.flatMap((delta) => delta.apps);
    await transaction.runFor(tenantsOf(events), async () => {
      await rollups.lock([...new Map(apps.map((app) => [app.tenantId + app.appId, app])).values()]);
      for (const delta of deltas) await rollups.add(delta);
      const days = apps.flatMap(({ tenantId, appId, days }) => days.map((day) => ({ tenantId, appId, day })));
      const touched = [...days, ...(await sessions.join(events))];
      await rollups.touch([
        ...new Map(touched.map((day) => [day.tenantId + day.appId + day.day, day])).values(),
      ]);
    });
  }

  try {
    const { progress } = options;
    let copying: Promise<void> = Promise.resolve();
    for (const { events, count } of batches) {
      const { lines, rolled } = prepared(events, identities);
      await copying;
      copying = loader.add(lines);
      copying.catch(() => undefined); // it is told where it is waited for
      await rollUp(rolled);
      progress?.add(count);
    }
    await copying;
    progress?.end();
    await loader.attach((month) => progress?.say(`indexes of ${month} …`));
  } finally {
    await loader.end();
    await app.close();
  }
}

/** Makes the days of all applications, as the worker does in the background. */
export async function buildDays(workerUrl: string): Promise<number> {
  const module = FillingModule.forRoot(workerUrl);
  const app = await NestFactory.createApplicationContext(module, { logger: ['error'], abortOnError: false });
  try {
    let made = 0;
    // one turn takes only so long of an application
    for (let more = -1; more !== 0; made += more) more = await app.get(BuildDays).execute();
    return made;
  } finally {
    await app.close();
  }
}

function tenantsOf(events: readonly RolledEvent[]): TenantId[] {
  return [...new Set(events.map(({ tenantId }) => tenantId))];
}

/** In the order of time, as they would come. */
function prepared(events: Iterable<TrackedEvent>, identities: IdentityHash) {
  const rows: { at: string; month: string; line: string }[] = [];
  const rolled: RolledEvent[] = [];
  for (const event of events) {
    const of = rolledEvent(event, identityOf(event, identities));
    rolled.push(of);
    rows.push({ at: event.occurredAt, month: event.timestamp.slice(0, 7), line: rawLine(event, of) });
  }
  rows.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  const lines = new Map<string, string[]>();
  for (const { month, line } of rows) {
    const ofMonth = lines.get(month);
    if (ofMonth) ofMonth.push(line);
    else lines.set(month, [line]);
  }
  return { lines, rolled };
}
