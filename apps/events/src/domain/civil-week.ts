import { BusinessDate, DEFAULT_TIME_ZONE } from '@libs/kernel';

const MONDAY = BusinessDate.parse('1970-01-05');

/** The Monday of the week, in Brazil's civil time, that `instant` falls in. */
export function weekOf(instant: Date): BusinessDate {
  const day = BusinessDate.of(instant, DEFAULT_TIME_ZONE);
  const since = MONDAY.daysUntil(day) % 7;
  return day.plusDays(since < 0 ? -since - 7 : -since);
}
