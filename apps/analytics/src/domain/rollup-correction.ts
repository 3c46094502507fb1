import { Dimension, DIMENSIONS } from './dimensions';
import { QuarterDelta } from './rollup-delta';
import { MOST_VALUES } from './value-room';

export interface StoredQuarter {
  eventType: string;
  bucket: string;
  events: number;
  users: Uint8Array;
  sessions: Uint8Array;
}

/** A value that is stored of a dimension: null stands for the remainder. */
export interface StoredValue {
  eventType: string;
  dimension: Dimension;
  bucket: string;
  value: string | null;
  events: number;
}

export interface QuarterKey {
  eventType: string;
  bucket: string;
}

export interface GroupKey extends QuarterKey {
  dimension: Dimension;
}

/** Where what is stored is not what the raw events come to. */
export interface Difference {
  what: 'quarter' | 'dimension' | 'session';
  /** Which one: `page_view 2026-11-22T10:15:00.000Z url`; no personal data. */
  which: string;
  stored: string;
  raw: string;
}

/** What must be deleted and written, so that it is: quarters whole, with what they say of all dimensions. */
export interface RollupCorrection {
  differences: Difference[];
  gone: QuarterKey[];
  made: QuarterDelta[];
}

const NOTHING = 'nothing';

/** @param made what all raw events of the time come to */
export function correctionOf(
  made: readonly QuarterDelta[],
  storedQuarters: readonly StoredQuarter[],
  storedValues: readonly StoredValue[],
): RollupCorrection {
  const wrong = new Map<string, QuarterKey>();
  const differences: Difference[] = [];
  const differs = (key: QuarterKey, difference: Difference) => {
    wrong.set(quarterKey(key), key);
    differences.push(difference);
  };
  compareQuarters(made, storedQuarters, differs);
  compareValues(made, storedValues, differs);
  const corrected = made.filter((quarter) => wrong.has(quarterKey(quarter)));
  return { differences, gone: [...wrong.values()], made: corrected };
}

type Differs = (quarter: QuarterKey, difference: Difference) => void;

function compareQuarters(
  made: readonly QuarterDelta[],
  stored: readonly StoredQuarter[],
  differs: Differs,
): void {
  const left = new Map(stored.map((quarter) => [quarterKey(quarter), quarter]));
  for (const quarter of made) {
    const which = quarterKey(quarter);
    const kept = left.get(which);
    left.delete(which);
    if (kept && sameQuarter(kept, quarter)) continue;
    differs(quarter, {
      what: 'quarter',
      which,
      stored: kept ? `${kept.events} events, other people or sessions` : NOTHING,
      raw: `${quarter.events} events, ${quarter.users.count} people, ${quarter.sessions.count} sessions`,
    });
  }
  for (const [which, kept] of left)
    differs(kept, { what: 'quarter', which, stored: `${kept.events} events`, raw: NOTHING });
}

function compareValues(
  made: readonly QuarterDelta[],
  stored: readonly StoredValue[],
  differs: Differs,
): void {
  const left = Map.groupBy(stored, groupKey);
  for (const quarter of made)
    for (const [place, values] of quarter.values?.counts().entries() ?? []) {
      const which = groupKey({ ...quarter, dimension: DIMENSIONS[place]! });
      const kept = left.get(which);
      left.delete(which);
      if (kept && sameValues(kept, values)) continue;
      differs(quarter, { what: 'dimension', which, stored: toldOf(kept), raw: `${values.size} values` });
    }
  for (const [which, kept] of left)
    differs(kept[0]!, { what: 'dimension', which, stored: toldOf(kept), raw: NOTHING });
}

function sameQuarter(stored: StoredQuarter, made: QuarterDelta): boolean {
  return (
    stored.events === made.events &&
    made.users.toBytes().equals(stored.users) &&
    made.sessions.toBytes().equals(stored.sessions)
  );
}

/**
 * Which values got in before there was no more room depends on what came first; so any are right that are counted right, as long
 * as the others are in the remainder and there was no room for them.
 */
function sameValues(stored: readonly StoredValue[], values: ReadonlyMap<string, number>): boolean {
  let [named, rooms, rest] = [0, 0, 0];
  for (const { value, events } of stored) {
    if (value === null) rest += events;
    else if (values.get(value) !== events) return false;
    else {
      named += 1;
      if (value !== '') rooms += 1;
    }
  }
  if (rest === 0) return named === values.size;
  let sum = rest;
  for (const { value, events } of stored) if (value !== null) sum += events;
  const nobody = values.get('') ?? 0;
  const told = stored.some(({ value }) => value === '');
  return rooms === MOST_VALUES && sum === total(values) && (nobody === 0 || told);
}

function total(values: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const events of values.values()) sum += events;
  return sum;
}

function toldOf(stored: readonly StoredValue[] | undefined): string {
  if (!stored) return NOTHING;
  return `${stored.length} values, ${stored.reduce((sum, { events }) => sum + events, 0)} events`;
}

function quarterKey({ eventType, bucket }: QuarterKey): string {
  return `${eventType} ${bucket}`;
}

function groupKey({ eventType, dimension, bucket }: GroupKey): string {
  return `${eventType} ${bucket} ${dimension}`;
}
