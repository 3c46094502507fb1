import { shareOf } from './change';
import { ValueCount } from './rollup.reader';

export interface RankedValue extends ValueCount {
  share: number;
}

/**
 * The values that most events have, and all others together: their sum is that of all events. Where some of those have no name any
 * more (`folded`), each value may have had so many more, and one that is not told may have had them all.
 */
export interface TopList {
  values: RankedValue[];
  exact: boolean;
  remainder: { events: number; share: number; folded: number };
}

export function topList(events: number, values: readonly ValueCount[], folded: number): TopList {
  const ranked = values.map((value) => ({ ...value, share: shareOf(value.events, events) }));
  const rest = values.reduce((left, value) => left - value.events, events);
  return {
    values: ranked,
    exact: folded === 0,
    remainder: { events: rest, share: shareOf(rest, events), folded },
  };
}
