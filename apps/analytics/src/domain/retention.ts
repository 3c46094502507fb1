import { oldestKept } from '@libs/kernel';

/** How long a tenant's events are kept: so many whole calendar months (UTC) before the current one, and nothing from before `keptFrom`. */
export class Retention {
  static readonly DEFAULT = new Retention(13, new Date(0));

  constructor(
    readonly months: number,
    readonly keptFrom: Date,
  ) {}

  /** Events whose timestamp is before this are not kept, and not admitted. */
  oldest(now: Date): Date {
    return oldestKept(this.months, this.keptFrom, now);
  }
}
