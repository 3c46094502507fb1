import { AppDay } from '../rollup.store';

/** UTC days of applications that an erasure left with a trace of the person, until they are made again. */
export abstract class MarkedDays {
  /** Up to `most` that are due, of any tenants, those marked first before the others; for no transaction. */
  abstract due(most: number): Promise<readonly AppDay[]>;

  /**
   * Has the other workers pass it over for some minutes, in the open transaction; who dies leaves it to them.
   * @returns how often it was marked until now; undefined where another worker has it, or had it
   */
  abstract claim(day: AppDay): Promise<number | undefined>;

  /**
   * Takes the mark away once the day is made again, in the open transaction, unless it was marked again meanwhile: then it is due.
   * @returns whether the day is done
   */
  abstract finish(day: AppDay, marks: number): Promise<boolean>;

  /** After a failure: the others' turn first. */
  abstract postpone(day: AppDay): Promise<void>;

  /**
   * Deletes the local days that were made of this one. Readers take its quarters until they are made again: no copy of what was
   * erased is left there.
   */
  abstract forgetBuilt(day: AppDay): Promise<void>;
}
