/** So many values of a dimension are told apart in a quarter of an hour, in one type of events. */
export const MOST_VALUES = 256;

export interface Fitted {
  /** What each value gains; '' among them if any event said nothing. */
  values: Map<string, number>;
  /** Of the values there was no room for. */
  remainder: number;
}

/**
 * Which values have a row of their own: those that have one, and then the most frequent of the new ones while there is room. The
 * sum stays what it was. '' takes no room. Which values get in depends on what came first, as does everything that is counted in
 * a bounded room; that all are counted, in a row or in the remainder, does not.
 */
export function fitValues(
  known: ReadonlySet<string>,
  gained: ReadonlyMap<string, number>,
  most = MOST_VALUES,
): Fitted {
  const values = new Map<string, number>();
  const strangers: [string, number][] = [];
  for (const [value, events] of gained)
    if (value === '' || known.has(value)) values.set(value, events);
    else strangers.push([value, events]);
  const room = Math.max(0, most - known.size + (known.has('') ? 1 : 0));
  if (strangers.length > room) strangers.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  let remainder = 0;
  for (const [index, [value, events]] of strangers.entries())
    if (index < room) values.set(value, events);
    else remainder += events;
  return { values, remainder };
}
