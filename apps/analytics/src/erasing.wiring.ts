import { ErasePersonsOnPersonErased, erasingPersons, PersonEraser } from '@libs/persons';
import { MarkedDays } from './application/people/marked-days';
import { RebuildMarkedDays } from './application/people/rebuild-marked-days';
import { WaitingErasures } from './application/people/waiting-erasures';
import { PostgresMarkedDays } from './infrastructure/postgres/postgres-marked-days';
import { PostgresWaitingErasures } from './infrastructure/postgres/postgres-waiting-erasures';
import { RawPersonEraser } from './infrastructure/postgres/raw-person-eraser';
import { RebuildMarkedDaysSchedule } from './interfaces/schedule/rebuild-marked-days.schedule';
import { Wiring } from './wiring';

/** Forgets a person, and makes the days again that had a trace of them. */
export const erasing: Wiring = {
  controllers: [ErasePersonsOnPersonErased],
  providers: [
    ...erasingPersons('analytics'),
    RebuildMarkedDays,
    RebuildMarkedDaysSchedule,
    { provide: PersonEraser, useClass: RawPersonEraser },
    { provide: MarkedDays, useClass: PostgresMarkedDays },
    { provide: WaitingErasures, useClass: PostgresWaitingErasures },
  ],
};
