import { isCritical } from '../domain/event-types';
import { parseInstant, timeRefusal } from '../domain/event-time';
import { Rejection } from '../domain/tracked-event';
import { Delivery, MAX_EVENT_BYTES, Reception } from './delivery';
import { EnrichEvents } from './enrich-events';
import { JudgedEvents } from './event-judge';
import { LogEntryWriter } from './event-log';
import { EventReader, isRejection } from './event-reader';
import { Gathering } from './gathering';
import { turns } from './turns';

/** Judges events one by one: a bad one never sinks its batch. Needs no database, and remembers nothing of them. */
export class JudgeEvents {
  constructor(
    private readonly reader: EventReader,
    private readonly enrich: EnrichEvents,
    private readonly writer: LogEntryWriter,
  ) {}

  async execute(reception: Reception, delivery: Delivery): Promise<JudgedEvents> {
    const gathering = new Gathering(reception, delivery);
    const mayYield = turns();
    for (let index = 0; index < delivery.events.length; index += 1) {
      this.take(gathering, index);
      // What one request costs must not hold up the others.
      const turn = mayYield();
      if (turn) await turn;
    }
    if (gathering.pending.length > 0) await Promise.all(gathering.pending);
    const { accepted, rejected, verdicts } = gathering;
    return {
      entries: this.writer.write(reception, accepted, delivery.replayed ? [] : rejected),
      accepted: accepted.map(({ eventId }) => eventId),
      rejected: verdicts,
    };
  }

  private take(gathering: Gathering, index: number): void {
    const { reception, delivery } = gathering;
    if (gathering.isTooLarge(index)) {
      this.refuse(gathering, {
        index,
        code: 'event_too_large',
        message: `One event has at most ${MAX_EVENT_BYTES / 1024} KiB.`,
      });
      return;
    }
    const told = this.reader.read(delivery.events[index], index, delivery.source);
    if (isRejection(told)) {
      this.refuse(gathering, told);
      return;
    }
    const { eventId, eventType } = told;
    const timestamp = parseInstant(told.timestamp);
    const oldest = isCritical(eventType) ? reception.oldest.critical : reception.oldest.other;
    const refusal = timeRefusal(timestamp, reception.receivedMs, oldest);
    if (refusal) {
      this.refuse(gathering, { index, eventId, eventType, code: refusal, message: MESSAGES[refusal] });
      return;
    }
    this.enrich.add(gathering, told, timestamp);
  }

  private refuse(gathering: Gathering, verdict: Rejection): void {
    gathering.refuse(verdict, this.enrich.personNamed(gathering, verdict.index));
  }
}

const MESSAGES = {
  too_old: 'timestamp: is older than events are kept.',
  timestamp_in_future: 'timestamp: is more than 31 days ahead of our clock.',
};
