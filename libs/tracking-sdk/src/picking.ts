import { read } from './memory';
import * as queue from './queue';
import { options } from './settings';
import { Row } from './store';
import { until } from './waiting';

/** What has piled up goes in larger ones; the collector takes 100. */
export const MAX_EVENTS = 100;
/** As JSON; the collector takes 1 MiB. */
const MAX_BYTES = 300_000;

/** A token's user is whom the collector counts it for: what was somebody else's waits for that one. */
function isOfUser(row: Row): boolean {
  return !options.getToken || !row.user || row.user === read('user');
}

/** The oldest that are due and not in `flying`, at most `most` and as many as fit; one that is larger than that goes alone. */
export function next(most: number, flying: Row[]): Row[] {
  const going: Row[] = [];
  let bytes = 0;
  for (const row of queue.rows) {
    if (until(row.due) > 0 || flying.indexOf(row) >= 0 || !isOfUser(row)) continue;
    bytes += row.json.length;
    if (going.length && (going.length >= most || bytes > MAX_BYTES)) break;
    going.push(row);
  }
  return going;
}
