import { shareOf } from './change';
import { ValueCount } from './rollup.reader';

export interface RankedValue extends ValueCount {
  share: number;
}

/** The values that most events have, and all others together: their sum is that of all events. */
export interface TopList {
  values: RankedValue[];
  remainder: { events: number; share: number };
}

export function topList(events: number, values: readonly ValueCount[]): TopList {
  const ranked = values.map((value) => ({ ...value, share: shareOf(value.events, events) }));
  const rest = values.reduce((left, value) => left - value.events, events);
  return { values: ranked, remainder: { events: rest, share: shareOf(rest, events) } };
}
