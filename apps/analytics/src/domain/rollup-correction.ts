import { Dimension } from './dimensions';
import { AppDelta, DimensionDelta, QuarterDelta } from './rollup-delta';
import { fitValues, MOST_VALUES } from './value-room';

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

/** The values of a dimension in a bucket, as they are to be stored. */
export interface FittedGroup extends GroupKey {
  values: ReadonlyMap<string, number>;
  remainder: number;
}

/** Where what is stored is not what the raw events come to. */
export interface Difference {
  what: 'quarter' | 'dimension' | 'session';
  /** Which one: `page_view 2026-11-22T10:15:00.000Z url`; no personal data. */
  which: string;
  stored: string;
  raw: string;
}

/** What must be deleted and written, so that it is. */
export interface RollupCorrection {
  differences: Difference[];
  quarters: { gone: QuarterKey[]; made: QuarterDelta[] };
  dimensions: { gone: GroupKey[]; made: FittedGroup[] };
}

const NOTHING = 'nothing';

/** @param delta what all raw events of the time come to; undefined where there are none */
export function correctionOf(
  delta: Pick<AppDelta, 'quarters' | 'dimensions'> | undefined,
  storedQuarters: readonly StoredQuarter[],
  storedValues: readonly StoredValue[],
): RollupCorrection {
  const correction: RollupCorrection = {
    differences: [],
    quarters: { gone: [], made: [] },
    dimensions: { gone: [], made: [] },
  };
  correctQuarters(correction, delta?.quarters.values() ?? [], storedQuarters);
  correctDimensions(correction, delta?.dimensions.values() ?? [], storedValues);
  return correction;
}

function correctQuarters(
  { differences, quarters }: RollupCorrection,
  made: Iterable<QuarterDelta>,
  stored: readonly StoredQuarter[],
): void {
  const left = new Map(stored.map((quarter) => [quarterKey(quarter), quarter]));
  for (const quarter of made) {
    const which = quarterKey(quarter);
    const kept = left.get(which);
    left.delete(which);
    if (kept && sameQuarter(kept, quarter)) continue;
    if (kept) quarters.gone.push(kept);
    quarters.made.push(quarter);
    differences.push({
      what: 'quarter',
      which,
      stored: kept ? `${kept.events} events, other people or sessions` : NOTHING,
      raw: `${quarter.events} events, ${quarter.users.count} people, ${quarter.sessions.count} sessions`,
    });
  }
  for (const [which, kept] of left) {
    quarters.gone.push(kept);
    differences.push({ what: 'quarter', which, stored: `${kept.events} events`, raw: NOTHING });
  }
}

function correctDimensions(
  { differences, dimensions }: RollupCorrection,
  made: Iterable<DimensionDelta>,
  stored: readonly StoredValue[],
): void {
  const left = Map.groupBy(stored, groupKey);
  for (const group of made) {
    const which = groupKey(group);
    const kept = left.get(which);
    left.delete(which);
    if (kept && sameValues(kept, group.values)) continue;
    if (kept) dimensions.gone.push(group);
    const { eventType, dimension, bucket } = group;
    dimensions.made.push({ eventType, dimension, bucket, ...fitValues(new Set(), group.values) });
    differences.push({ what: 'dimension', which, stored: toldOf(kept), raw: `${group.values.size} values` });
  }
  for (const [which, kept] of left) {
    dimensions.gone.push(kept[0]!);
    differences.push({ what: 'dimension', which, stored: toldOf(kept), raw: NOTHING });
  }
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
