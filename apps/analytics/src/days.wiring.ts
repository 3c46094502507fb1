import { BuildDays } from './application/build-days';
import { BuildSpans } from './application/build-spans';
import { DayStore } from './application/day.store';
import { SpanStore } from './application/span.store';
import { PostgresDayStore } from './infrastructure/postgres/postgres-day.store';
import { PostgresSpanStore } from './infrastructure/postgres/postgres-span.store';
import { BuildDaysSchedule } from './interfaces/schedule/build-days.schedule';
import { Wiring } from './wiring';

/** Local days, as far as they are over, made of their quarters, and spans of them. */
export const days: Wiring = {
  controllers: [],
  providers: [
    BuildDays,
    BuildSpans,
    BuildDaysSchedule,
    { provide: DayStore, useClass: PostgresDayStore },
    { provide: SpanStore, useClass: PostgresSpanStore },
  ],
};
