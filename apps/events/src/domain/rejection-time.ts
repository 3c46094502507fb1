import { occurredAt, parseInstant } from './event-time';
import { KeptRejection } from './kept-rejection';

/**
 * When a refused event was done, as early as it can be read: by its own time, however it is written, and never after it came.
 * One whose time nobody can read was done when it came.
 */
export function rejectionTime({ event, receivedAt, sentAt }: KeptRejection): string {
  const timestamp = timeOf(event);
  if (timestamp === undefined) return receivedAt;
  const received = Date.parse(receivedAt);
  const byOurClock = occurredAt(timestamp, received, sentAt === undefined ? undefined : Date.parse(sentAt));
  return new Date(Math.min(timestamp, byOurClock)).toISOString();
}

function timeOf(event: string): number | undefined {
  let value: unknown;
  try {
    value = (JSON.parse(event) as { timestamp?: unknown } | null)?.timestamp;
  } catch {
    return undefined;
  }
  if (typeof value === 'number') return valid(value);
  return typeof value === 'string' ? (valid(parseInstant(value)) ?? valid(Date.parse(value))) : undefined;
}

/** Within what our canonical form can write: a year of four digits. */
function valid(instant: number): number | undefined {
  return instant >= -62_135_596_800_000 && instant <= 253_402_300_799_999 ? instant : undefined;
}
