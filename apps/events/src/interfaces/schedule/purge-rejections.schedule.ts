import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { RejectionStore } from '../../application/rejections/rejection-store';

const INTERVAL_MS = 15 * 60_000;
/** Few enough not to hold locks for long. */
const AT_ONCE = 1_000;

/** Rejected events that were kept long enough go; every sink looks, one of them does it. */
@Injectable()
export class PurgeRejectionsSchedule extends Recurring {
  constructor(private readonly store: RejectionStore) {
    super({ log: 'events.sink', name: 'rejected events are purged', everyMs: INTERVAL_MS });
  }

  protected async turn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.store.purge(AT_ONCE)) === AT_ONCE);
  }
}
