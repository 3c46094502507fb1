import { BusinessDate, Money } from '@libs/kernel';
import { dayText, moneyText, nameText } from './portuguese';

/** A week is compared with as many before it, at most. */
export const HISTORY_WEEKS = 26;
/** Fewer say nothing about what is usual. */
const LEAST_HISTORY = 6;
/** Modified z-score from which Iglewicz and Hoaglin (1993) call a value an outlier. */
const OUTLIER = 3.5;
/** Makes the median of absolute deviations comparable with a standard deviation where values are normal. */
const MAD_TO_SIGMA = 1.4826;
/** What varies less than this, of the usual amount, is taken to vary this much: rent is the same for years. */
const LEAST_SPREAD = 0.1;
/** A person need not hear of less. */
const LEAST_RATIO = 1.5;
const LEAST_EXCESS_CENTS = 5_000;

/** Amounts by week, one after the other; undefined where nothing was spent. */
export type WeeklyAmounts = readonly (Money | undefined)[];

/** That a person spent far more on a category in a week than they usually do. */
export interface SpendingPattern {
  amount: Money;
  /** The median of the weeks before it. */
  usual: Money;
  weeksKnown: number;
  /** 0–100. */
  confidence: number;
}

/**
 * Looks at the week at an index. Its history are the up to 26 weeks before it, from the first in which the person spent on the
 * category; weeks without spending count as zero. A pattern is what lies, against median and median absolute deviation (MAD) of
 * at least 6 such weeks, at 3.5 or more robust deviations, at 1.5 times the median and 50.00 above it. Someone who spends on it
 * less than every other week has no usual week.
 *
 * Confidence = 100 · (1 − e^(−z/3.5)) · n/(n+1): how far it lies from what is usual (z deviations), and how many weeks (n)
 * say what is usual. It grows with both: 54 at the threshold with 6 weeks, 94 at four times it with 26.
 */
export function spendingPattern(amounts: WeeklyAmounts, week: number): SpendingPattern | undefined {
  const amount = amounts[week];
  if (!amount) return undefined;
  const cents = Number(amount.cents);
  const history = historyBefore(amounts, week);
  if (history.length < LEAST_HISTORY || !mayStandOut(cents, history)) return undefined;
  const usual = median(history);
  if (usual <= 0) return undefined;
  const spread = MAD_TO_SIGMA * median(history.map((before) => Math.abs(before - usual)));
  const deviations = (cents - usual) / Math.max(spread, LEAST_SPREAD * usual);
  if (deviations < OUTLIER || cents < LEAST_RATIO * usual || cents - usual < LEAST_EXCESS_CENTS)
    return undefined;
  return {
    amount,
    usual: Money.fromCents(BigInt(Math.round(usual))),
    weeksKnown: history.length,
    confidence: confidenceOf(deviations, history.length),
  };
}

/** Title and description, in Portuguese and with the numbers. */
export function spendingTexts(
  { amount, usual, weeksKnown }: SpendingPattern,
  week: BusinessDate,
  category: string,
  currency: string,
): { title: string; description: string } {
  const name = CATEGORIES.get(category) ?? nameText(category) ?? 'uma categoria';
  const money = (value: Money): string => moneyText(value.toString(), currency) ?? value.toString();
  const excess = amount.minus(usual);
  const percent = Math.round((Number(excess.cents) / Number(usual.cents)) * 100);
  const days = `${dayText(week.toString())} a ${dayText(week.plusDays(6).toString())}`;
  return {
    title: `Gastos elevados em ${name}`,
    description:
      `Na semana de ${days} você gastou ${money(amount)} em ${name}. ` +
      `Nas ${weeksKnown} semanas anteriores o habitual (mediana) foi ${money(usual)} por semana: ` +
      `são ${money(excess)} (${percent}%) a mais.`,
  };
}

// What transactionOf says where the client named no category.
const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['transfers', 'transferências'],
  ['payments', 'pagamentos'],
]);

function confidenceOf(deviations: number, weeks: number): number {
  return Math.round(100 * (1 - Math.exp(-deviations / OUTLIER)) * (weeks / (weeks + 1)));
}

function historyBefore(amounts: WeeklyAmounts, week: number): number[] {
  const history: number[] = [];
  for (let at = Math.max(0, week - HISTORY_WEEKS); at < week; at++) {
    const amount = amounts[at];
    if (amount || history.length > 0) history.push(Number(amount?.cents ?? 0n));
  }
  return history;
}

/** Nearly every week is as usual, and this tells most of them without sorting: half the weeks before must lie well below. */
function mayStandOut(cents: number, history: readonly number[]): boolean {
  let below = 0;
  for (const before of history) if (LEAST_RATIO * before <= cents) below += 1;
  return 2 * below >= history.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
