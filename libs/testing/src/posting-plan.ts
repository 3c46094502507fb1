import { BusinessDate, DEFAULT_TIME_ZONE, Money } from '@libs/kernel';

export interface PlannedRelease {
  description: string;
  amount: string;
  occurredAt: string;
}

/** One request to come: a single release or a batch, under an Idempotency-Key. */
export interface Posting {
  kind: 'single' | 'batch';
  key: string;
  releases: PlannedRelease[];
}

interface PlannedDay {
  credits: Money;
  debits: Money;
  count: number;
}

const BATCH = 40;
const HOUR_MS = 3_600_000;

/**
 * What a company is going to post, and what must come of it. A fifth of everything sent is a repetition, key and
 * body, of something sent before, as by clients that lost an answer; a fifth of the releases goes one by one.
 */
export class PostingPlan {
  private constructor(
    readonly releases: PlannedRelease[],
    readonly postings: Posting[],
  ) {}

  /**
   * @param sends how many releases are sent, repetitions included; a multiple of 200
   * @param day a business day; the releases fall on it and on its two neighbours
   */
  static of({ sends = 2_000, day = '2026-03-10', seed = 1 } = {}): PostingPlan {
    const random = mulberry32(seed);
    const unique = sends * 0.8;
    const midnight = Date.parse(`${day}T03:00:00.000Z`); // the day's begin in São Paulo
    const releases = Array.from({ length: unique }, (_, index) => ({
      description: `Lançamento ${index + 1}`,
      amount: amountOf(random),
      occurredAt: new Date(midnight + Math.floor((random() * 72 - 24) * HOUR_MS)).toISOString(),
    }));
    // the last millisecond of the day before, and the first of the day
    const [before, first] = releases;
    if (before) before.occurredAt = `${day}T02:59:59.999Z`;
    if (first) first.occurredAt = `${day}T03:00:00.000Z`;

    const alone = unique / 4;
    const singles = releases.slice(0, alone).map((release, index): Posting => {
      return { kind: 'single', key: `single-${seed}-${index}`, releases: [release] };
    });
    const batches = chunks(releases.slice(alone), BATCH).map((part, index): Posting => {
      return { kind: 'batch', key: `batch-${seed}-${index}`, releases: part };
    });
    const again = sends - unique;
    const repeatedBatches = batches.slice(0, Math.floor((again * 0.7) / BATCH));
    const repeated = repeatedBatches.length * BATCH;
    const repetitions = [...singles.slice(0, again - repeated), ...repeatedBatches];
    return new PostingPlan(releases, shuffled([...singles, ...batches, ...repetitions], random));
  }

  /** How many releases are sent, repetitions included. */
  get sends(): number {
    return this.postings.reduce((total, posting) => total + posting.releases.length, 0);
  }

  sum(): Money {
    return this.releases.reduce((total, release) => total.plus(Money.parse(release.amount)), Money.ZERO);
  }

  /** The business days in order, each with what it must show. */
  days(timeZone = DEFAULT_TIME_ZONE): Map<string, PlannedDay> {
    const days = new Map<string, PlannedDay>();
    for (const release of this.releases) {
      const date = BusinessDate.of(new Date(release.occurredAt), timeZone).toString();
      const day = days.get(date) ?? { credits: Money.ZERO, debits: Money.ZERO, count: 0 };
      const amount = Money.parse(release.amount);
      if (amount.isNegative()) day.debits = day.debits.plus(amount.negate());
      else day.credits = day.credits.plus(amount);
      day.count += 1;
      days.set(date, day);
    }
    return new Map([...days].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

function amountOf(random: () => number): string {
  const cents = 1 + Math.floor(random() * 500_000);
  return Money.fromCents(BigInt(random() < 0.4 ? -cents : cents)).toString();
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** A small seeded generator (mulberry32, public domain): a plan that failed can be run again. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
