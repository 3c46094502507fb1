import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { Upkeep } from '@libs/kernel';
import { logger } from '@libs/logging';
import { Recurring } from '@libs/schedules';

const HOUR_MS = 3_600_000;
/** After a failure. */
const SOON_MS = 60_000;

/** Every consumer that keeps events keeps house, at its start and each hour. */
export class UpkeepSchedule extends Recurring {
  private readonly last: Gauge;

  /** @param whose of the log and of the metric: `events` */
  constructor(
    private readonly whose: string,
    private readonly house: { execute(signal: AbortSignal): Promise<Upkeep> },
  ) {
    super({ log: `${whose}.upkeep`, name: 'partitions and retention are seen to', everyMs: HOUR_MS });
    const name = `${whose}_upkeep_last_success_seconds`;
    this.last =
      (metrics.getSingleMetric(name) as Gauge | undefined) ??
      new Gauge({
        name,
        help: 'When partitions and retention were last seen to, in seconds of the epoch.',
        registers: [metrics],
      });
  }

  protected async turn(signal: AbortSignal): Promise<number> {
    const { dropped, deleted } = await this.house.execute(signal);
    if (dropped.length > 0 || deleted > 0)
      logger(`${this.whose}.upkeep`).info({ dropped, deleted }, 'old events are gone');
    this.last.setToCurrentTime();
    // Not all of them in the same second.
    return HOUR_MS * (0.9 + Math.random() * 0.2);
  }

  protected override afterFailure(): number {
    return SOON_MS;
  }
}
