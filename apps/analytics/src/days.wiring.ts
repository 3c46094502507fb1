import { BuildDays } from './application/build-days';
import { DayStore } from './application/day.store';
import { PostgresDayStore } from './infrastructure/postgres/postgres-day.store';
import { BuildDaysSchedule } from './interfaces/schedule/build-days.schedule';
import { Wiring } from './wiring';

/** Local days, as far as they are over, made of their quarters. */
export const days: Wiring = {
  controllers: [],
  providers: [BuildDays, BuildDaysSchedule, { provide: DayStore, useClass: PostgresDayStore }],
};
