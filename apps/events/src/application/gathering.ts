import { maskJson, maskText } from '@libs/kernel';
import { Rejection, TrackedEvent } from '../domain/tracked-event';
import { Delivery, MAX_EVENT_BYTES, Reception } from './delivery';
import { RejectedEvent } from './event-log';

/** What becomes of the events of one request, while they are read. */
export class Gathering {
  readonly accepted: TrackedEvent[] = [];
  readonly rejected: RejectedEvent[] = [];
  readonly verdicts: Rejection[] = [];
  /** What some accepted ones still wait for. */
  readonly pending: Promise<void>[] = [];
  readonly receivedText: string;
  private readonly mayBeTooLarge: boolean;

  constructor(
    readonly reception: Reception,
    readonly delivery: Delivery,
  ) {
    this.receivedText = new Date(reception.receivedMs).toISOString();
    this.mayBeTooLarge = (delivery.bytes ?? 0) > MAX_EVENT_BYTES;
  }

  isTooLarge(index: number): boolean {
    if (!this.mayBeTooLarge) return false;
    return Buffer.byteLength(JSON.stringify(this.delivery.events[index])) > MAX_EVENT_BYTES;
  }

  /** Keeps it for the log of rejected events, freed of personal data like an accepted one. */
  refuse(verdict: Rejection, userId?: string): void {
    this.verdicts.push(verdict);
    const { source, events, sentAt } = this.delivery;
    this.rejected.push({
      ...verdict,
      // It quotes names of properties, and those may be personal.
      message: maskText(verdict.message),
      event: textOf(events[verdict.index], verdict),
      source,
      appId: this.reception.appId,
      receivedAt: this.receivedText,
      userId,
      sentAt: sentAt === undefined ? undefined : new Date(sentAt).toISOString(),
    });
  }
}

function textOf(raw: unknown, { eventId, eventType }: Rejection): string {
  const text = JSON.stringify(maskJson(raw));
  // Nobody replays what is too large: its name is enough.
  return text.length <= MAX_EVENT_BYTES
    ? text
    : JSON.stringify({ event_id: eventId, event_type: eventType, omitted: 'too large' });
}
