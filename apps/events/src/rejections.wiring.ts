import { GetRejection } from './application/rejections/get-rejection';
import { ListRejections } from './application/rejections/list-rejections';
import { RejectionReader } from './application/rejections/rejection-reader';
import { ReplayRejections } from './application/rejections/replay-rejections';
import { PostgresRejectionReader } from './infrastructure/postgres/postgres-rejection.reader';
import { RejectionsController } from './interfaces/http/rejections.controller';
import { Wiring } from './wiring';

/** Rejected events: the store's routes and their replay. */
export const rejections: Wiring = {
  controllers: [RejectionsController],
  providers: [
    ListRejections,
    GetRejection,
    ReplayRejections,
    { provide: RejectionReader, useClass: PostgresRejectionReader },
  ],
};
