import { Clock } from '@libs/kernel';

const DAY_MS = 86_400_000;

/** How far ahead a release may be dated, and what time it is. */
export class AcceptancePolicy {
  constructor(
    private readonly clock: Clock,
    private readonly maxFutureDays: number,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  latest(now: Date): Date {
    return new Date(now.getTime() + this.maxFutureDays * DAY_MS);
  }
}
