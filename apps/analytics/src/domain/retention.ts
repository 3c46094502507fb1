/** What the consumer still takes beyond what the collector admits: an event may wait this long in the log. */
export const ADMISSION_GRACE_MS = 7 * 86_400_000;
/** What is kept beyond what the consumer takes: a clock that is set back must not let in what was dropped. */
export const UPKEEP_GRACE_MS = ADMISSION_GRACE_MS + 86_400_000;

/** How long a tenant's events are kept: so many whole calendar months (UTC) before the current one, and nothing from before `keptFrom`. */
export class Retention {
  static readonly DEFAULT = new Retention(13, new Date(0));

  constructor(
    readonly months: number,
    readonly keptFrom: Date,
  ) {}

  /** Events whose timestamp is before this are not kept, and not admitted. */
  oldest(now: Date): Date {
    const byMonths = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - this.months);
    return byMonths > this.keptFrom.getTime() ? new Date(byMonths) : this.keptFrom;
  }
}
