import { TenantId } from '@libs/kernel';
import {
  Breakdown,
  Piece,
  Point,
  RollupQuestion,
  RollupReader,
  SummaryRead,
} from '../../application/reports/rollup.reader';
import { isSameZone } from '../../domain/local-time';
import { Interval } from '../../domain/period';
import { TooMuchToUnite } from '../../domain/raw-report.errors';
import { HeavyReading } from './heavy-reading';
import { RollupReadingCost } from './rollup-reading-cost';

const MIB = 1024 * 1024;
/** From here on a question waits for one of the few places of heavy ones. */
export const HEAVY_BYTES = 32 * MIB;
/** More than this is refused: it would be in memory all at once, several times over. */
export const MOST_BYTES = 256 * MIB;

/**
 * Keeps questions from taking all memory. Read from days and spans they are light, always; but days of a foreign zone are none that are
 * made beforehand, and late events may outdate all of an application's days at once.
 */
export class BoundedRollupReader extends RollupReader {
  constructor(
    private readonly reader: RollupReader,
    private readonly cost: RollupReadingCost,
    private readonly heavy: Pick<HeavyReading, 'run'>,
    private readonly most = { heavy: HEAVY_BYTES, all: MOST_BYTES },
  ) {
    super();
  }

  summary(question: RollupQuestion, breakdown?: Breakdown): Promise<SummaryRead> {
    return this.bounded(question, question.tenantZone, () => this.reader.summary(question, breakdown));
  }

  pieces(question: RollupQuestion, cuts?: readonly Date[]): Promise<Piece[]> {
    return this.bounded(question, question.tenantZone, () => this.reader.pieces(question, cuts));
  }

  timeline(question: RollupQuestion, intervals: readonly Interval[], uniques: boolean): Promise<Point[]> {
    const read = () => this.reader.timeline(question, intervals, uniques);
    // without sketches it is sums, made by the database
    if (!uniques) return read();
    const { period, tenantZone } = question;
    return this.bounded(question, isSameZone(period.timeZone, tenantZone) ? tenantZone : '', read);
  }

  top(question: RollupQuestion, breakdown: Breakdown): ReturnType<RollupReader['top']> {
    return this.reader.top(question, breakdown);
  }

  activeSince(tenantId: TenantId, appId: string, since: Date): Promise<number> {
    return this.reader.activeSince(tenantId, appId, since);
  }

  private async bounded<T>(question: RollupQuestion, zone: string, read: () => Promise<T>): Promise<T> {
    const bytes = await this.cost.of(question, zone);
    if (bytes > this.most.all) throw new TooMuchToUnite();
    return bytes > this.most.heavy ? this.heavy.run(question.tenantId, read) : read();
  }
}
