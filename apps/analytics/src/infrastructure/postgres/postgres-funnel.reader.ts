import { Injectable } from '@nestjs/common';
import { setImmediate as othersFirst } from 'node:timers/promises';
import { TenantId } from '@libs/kernel';
import { FunnelReader } from '../../application/raw/funnel.reader';
import { Funnel, StepReached } from '../../domain/funnel';
import { FunnelWalk, StepEvents } from '../../domain/funnel-walk';
import { ReportTooHeavy } from '../../domain/raw-report.errors';
import { packedEventsSql, unpackedEvents } from './funnel-events.sql';
import { HeavyReading } from './heavy-reading';
import { ReportSql } from './report-sql';

interface PackedRow {
  step: number;
  packed: Uint8Array;
}

const COLUMNS = { step: 'int4', packed: 'bytea' } as const;
/** How many events there are shows with the first one; the others are as long as they should be. */
const FIRST_STRETCH = 3 * 3_600_000;
const MOST_SECONDS = 15;
/** Of whom is kept where they are, some 80 bytes each. */
const MOST_VISITORS = 2_000_000;
/** In one answer, 16 bytes each on the way. */
const EVENTS_AT_ONCE = 200_000;
/** The process itself walks meanwhile; and what a helper packs is copied once more on its way. */
const NO_HELPERS = '0';
/** Walked through without a pause; some 5 ms. */
const EVENTS_A_TURN = 50_000;

/**
 * Reads the events of all steps stretch by stretch, and walks through one while PostgreSQL packs the next: it finds them in the order of
 * time, and would have to sort them by visitor to say more.
 */
@Injectable()
export class PostgresFunnelReader extends FunnelReader {
  constructor(
    private readonly reading: HeavyReading,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  read(
    tenantId: TenantId,
    appId: string,
    funnel: Funnel,
    period: { from: Date; to: Date },
  ): Promise<StepReached[]> {
    return this.reading.run(tenantId, () => this.walked(tenantId, appId, funnel, period), NO_HELPERS);
  }

  private async walked(
    tenantId: TenantId,
    appId: string,
    { steps, windowMs }: Funnel,
    { from, to }: { from: Date; to: Date },
  ): Promise<StepReached[]> {
    const deadline = performance.now() + MOST_SECONDS * 1_000;
    const statement = packedEventsSql(steps.length);
    const unpacked = async (since: number, before: number): Promise<StepEvents[]> => {
      const times = [since, before, to.getTime()].map((ms) => new Date(ms));
      const streams: StepEvents[] = [];
      const take = ({ step, packed }: PackedRow): void => void (streams[step] = unpackedEvents(packed));
      await this.sql.queryBinary(statement, [tenantId, appId, ...times, ...steps], COLUMNS, take);
      return streams;
    };
    const until = to.getTime() + windowMs;
    const walk = new FunnelWalk(steps.length, windowMs * 1_000);
    let [length, since] = [FIRST_STRETCH, Math.min(until, from.getTime() + FIRST_STRETCH)];
    let streams = await unpacked(from.getTime(), since);
    while (streams.length > 0) {
      const events = streams.reduce((sum, { times }) => sum + times.length, 0);
      length = Math.ceil(length * Math.min(8, Math.max(1 / 8, EVENTS_AT_ONCE / Math.max(1, events))));
      const before = Math.min(until, since + length);
      [streams] = await Promise.all([
        before > since ? unpacked(since, before) : [],
        walkThrough(walk, streams),
      ]);
      if (performance.now() > deadline || walk.visitors > MOST_VISITORS)
        throw new ReportTooHeavy(MOST_SECONDS);
      since = before;
    }
    return walk.result();
  }
}

async function walkThrough(walk: FunnelWalk, streams: readonly StepEvents[]): Promise<void> {
  await othersFirst(); // the next question is on its way
  walk.begin(streams);
  while (walk.advance(EVENTS_A_TURN)) await othersFirst();
}
