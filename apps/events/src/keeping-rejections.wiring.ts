import { KeepRejections } from './application/rejections/keep-rejections';
import { RejectionStore } from './application/rejections/rejection-store';
import { PostgresRejectionStore } from './infrastructure/postgres/postgres-rejection.store';
import { KeepRejectionsOnEventsErrors } from './interfaces/messaging/keep-rejections.consumer';
import { PurgeRejectionsSchedule } from './interfaces/schedule/purge-rejections.schedule';
import { Wiring } from './wiring';

/** The rejected-event store's consuming side. */
export const keepingRejections: Wiring = {
  controllers: [KeepRejectionsOnEventsErrors],
  providers: [
    KeepRejections,
    PurgeRejectionsSchedule,
    { provide: RejectionStore, useClass: PostgresRejectionStore },
  ],
};
