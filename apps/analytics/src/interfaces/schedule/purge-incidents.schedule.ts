import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { OldIncidents } from '../../application/alerts/old-incidents';

const HOUR_MS = 3_600_000;
const AT_ONCE = 1_000;

/** Every worker lets incidents go that are kept no longer; a second one at once has nothing to do. */
@Injectable()
export class PurgeIncidentsSchedule extends Recurring {
  constructor(private readonly incidents: OldIncidents) {
    super({ log: 'analytics.alerts', name: 'old incidents go', everyMs: HOUR_MS });
  }

  protected async turn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.incidents.purge(AT_ONCE)) === AT_ONCE);
  }
}
