import { oldestKept } from '@libs/kernel';
import { InvalidRetention } from './retention.errors';

export const MAX_RETENTION_MONTHS = 120;

/**
 * How long a tenant's events are kept: so many whole calendar months (UTC) before the current one. What was ever outside
 * stays outside (`keptFrom`): a longer retention must not let in again what a shorter one may have deleted.
 */
export class RetentionPolicy {
  /** 13 months, critical events five years. */
  static readonly DEFAULT = new RetentionPolicy(13, 60, new Date(0), new Date(0));

  constructor(
    readonly months: number,
    /** Of the critical types, and of what is made of them. */
    readonly criticalMonths: number,
    readonly keptFrom: Date,
    readonly criticalKeptFrom: Date,
  ) {}

  /** Events whose timestamp is before this are not kept, and not admitted. Never goes back. */
  oldest(critical: boolean, now: Date): Date {
    return critical
      ? oldestKept(this.criticalMonths, this.criticalKeptFrom, now)
      : oldestKept(this.months, this.keptFrom, now);
  }

  /** The policy from now on; to shorten it cannot be taken back. @throws InvalidRetention */
  changed(months: number, criticalMonths: number, now: Date): RetentionPolicy {
    if (![months, criticalMonths].every((n) => Number.isInteger(n) && n >= 1 && n <= MAX_RETENTION_MONTHS))
      throw new InvalidRetention(`Retention is 1 to ${MAX_RETENTION_MONTHS} whole months.`);
    if (criticalMonths < months)
      throw new InvalidRetention('Critical events are kept at least as long as the others.');
    return new RetentionPolicy(months, criticalMonths, this.oldest(false, now), this.oldest(true, now));
  }
}
