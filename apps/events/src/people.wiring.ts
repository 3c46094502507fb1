import { ErasureRepository } from './application/people/erasure.repository';
import { ExportPerson } from './application/people/export-person';
import { RequestErasure } from './application/people/request-erasure';
import { ShowErasure } from './application/people/show-erasure';
import { PostgresErasureRepository } from './infrastructure/postgres/postgres-erasure.repository';
import { PeopleController } from './interfaces/http/people.controller';
import { Wiring } from './wiring';

/** A person's rights: export and erasure. */
export const people: Wiring = {
  controllers: [PeopleController],
  providers: [
    ExportPerson,
    RequestErasure,
    ShowErasure,
    { provide: ErasureRepository, useClass: PostgresErasureRepository },
  ],
};
