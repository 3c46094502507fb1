import { MadeDay, MadeSpan, SpanKey } from '../domain/spans';
import { AppKey } from './rollup.store';

/** The runs of days that are made of days; everything in the open transaction. */
export abstract class SpanStore {
  abstract days(app: AppKey, timeZone: string): Promise<MadeDay[]>;
  abstract built(app: AppKey, timeZone: string): Promise<MadeSpan[]>;
  /**
   * Makes a span of its halves, unless somebody else is at work on spans of the application, or a half is no longer what it was.
   * @param span `made`: that of its days, as they were
   * @returns whether it was made
   */
  abstract build(app: AppKey, timeZone: string, span: SpanKey & { made: bigint }, at: Date): Promise<boolean>;
}
