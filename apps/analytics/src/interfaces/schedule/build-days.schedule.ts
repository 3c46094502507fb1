import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { BuildDays } from '../../application/build-days';

const INTERVAL_MS = 5_000;
/** After work it rests longer than it worked: what the log brings goes before what is made of it. */
const REST = 2;

@Injectable()
export class BuildDaysSchedule extends Recurring {
  constructor(private readonly build: BuildDays) {
    super({ log: 'analytics.days', name: 'days are made of their quarters', everyMs: INTERVAL_MS });
  }

  protected async turn(signal: AbortSignal): Promise<number> {
    const started = performance.now();
    await this.build.execute(signal);
    return Math.max(INTERVAL_MS, REST * (performance.now() - started));
  }
}
