import { Breakdown, RollupQuestion, SummaryRead } from './rollup.reader';

export interface MetadataFilter {
  name: string;
  /** Text; also a number or true and false, as they are written. */
  value: string;
}

/** A summary of the raw events that have certain metadata, in the open ReportTransaction. */
export abstract class RawSummaryReader {
  /** @throws ReportTooHeavy */
  abstract summary(
    question: RollupQuestion,
    metadata: readonly MetadataFilter[],
    breakdown?: Breakdown,
  ): Promise<SummaryRead>;
}
