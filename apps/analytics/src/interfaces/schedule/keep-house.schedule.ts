import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { logger } from '@libs/logging';
import { Recurring } from '@libs/schedules';
import { KeepHouse } from '../../application/keep-house';

const HOUR_MS = 3_600_000;
/** After a failure. */
const SOON_MS = 60_000;
const LOG = 'analytics.upkeep';
const LAST = 'analytics_upkeep_last_success_seconds';

/** Every worker keeps house, at its start and each hour. */
@Injectable()
export class KeepHouseSchedule extends Recurring {
  private readonly last =
    (metrics.getSingleMetric(LAST) as Gauge | undefined) ??
    new Gauge({
      name: LAST,
      help: 'When partitions and retention were last seen to, in seconds of the epoch.',
      registers: [metrics],
    });

  constructor(private readonly house: KeepHouse) {
    super({ log: LOG, name: 'partitions and retention are seen to', everyMs: HOUR_MS });
  }

  protected async turn(signal: AbortSignal): Promise<number> {
    const { dropped, deleted } = await this.house.execute(signal);
    if (dropped.length > 0 || deleted > 0) logger(LOG).info({ dropped, deleted }, 'old events are gone');
    this.last.setToCurrentTime();
    // Not all of them in the same second.
    return HOUR_MS * (0.9 + Math.random() * 0.2);
  }

  protected override afterFailure(): number {
    return SOON_MS;
  }
}
