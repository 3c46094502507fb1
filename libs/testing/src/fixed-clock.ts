import { Clock } from '@libs/kernel';

/** A clock that stands still until it is told otherwise. */
export class FixedClock extends Clock {
  private instant: number;

  constructor(instant: Date | string = '2026-03-10T12:00:00.000Z') {
    super();
    this.instant = new Date(instant).getTime();
  }

  now(): Date {
    return new Date(this.instant);
  }

  set(instant: Date | string): void {
    this.instant = new Date(instant).getTime();
  }

  advance(step: { days?: number; hours?: number; minutes?: number; seconds?: number; ms?: number }): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 } = step;
    this.instant += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + ms;
  }
}
