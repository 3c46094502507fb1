import type { RejectedEvent } from './api';
import { notify } from './notices';
import { MAX_EVENTS } from './picking';
import * as queue from './queue';
import { idOf, Row } from './store';
import { backoff, forgetFailures, LONGEST_MS } from './waiting';

/** The collector did not take this one now, but may later. */
const TRANSIENT = /unavailable|_full$|timeout|rate_limited|internal/;
/** The body as a whole is refused, be it by a firewall on the way: a smaller one may pass. */
const REFUSED = [400, 403, 413, 422];
/** Because of what some event in it says; every other refusal is of the request, the key or the address, and deletes nothing. */
const SPOILT =
  /^(malformed_(json|utf8|encoding)|too_(deep|many_parts)|duplicate_key|forbidden_(key|char)|number_)|_too_large$/;

/** How many events the next request may have. */
export let limit = MAX_EVENTS;

/** What the collector says of a request. */
export interface Answer {
  rejected?: { index: number; code: string; message: string }[];
  duplicates?: number;
  code?: string;
  detail?: string;
}

/**
 * @returns whether it was about the events, so that others may go at once
 * @throws TypeError where the list of verdicts is none
 */
export function settled(going: Row[], status: number, body: Answer): boolean {
  // Only the collector's own words count: the sign-in page of a hotel's network says 200, too, and a proxy 413.
  if (status === 202 && body.rejected) return answered(going, status, body);
  if (REFUSED.indexOf(status) < 0) return false;
  limit = Math.max(going.length >> 1, 1);
  const { code = '', detail: message = '' } = body;
  // By halves, until the one that spoils the batch is alone: that one goes, or lets the others go before it.
  if (SPOILT.test(code))
    return going.length > 1 || answered(going, status, { rejected: [{ index: 0, code, message }] });
  if (going.length < 2 && queue.rows.length > 1) going[0]!.due = Date.now() + LONGEST_MS;
  return false;
}

function answered(going: Row[], status: number, body: Answer): boolean {
  const accepted = new Set(going);
  const again: Row[] = [];
  const rejected: RejectedEvent[] = [];
  for (const { index, code, message } of body.rejected || []) {
    const row = going[index];
    if (!row) continue;
    accepted.delete(row);
    if (TRANSIENT.test(code)) {
      row.due = Date.now() + backoff(++row.tries);
      again.push(row);
    } else rejected.push({ eventId: idOf(row), code, message });
  }
  forgetFailures();
  limit = Math.min(limit * 2, MAX_EVENTS);
  queue.remove(going.filter((row) => again.indexOf(row) < 0));
  queue.keep(again);
  notify({
    kind: 'answered',
    status,
    accepted: Array.from(accepted, idOf),
    rejected,
    duplicates: body.duplicates || 0,
  });
  return true;
}
