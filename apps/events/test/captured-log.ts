import { OutgoingMessage, TenantId } from '@libs/kernel';
import { Reception } from '../src/application/delivery';
import { LogEntries } from '../src/application/event-judge';
import { EventLog, LogEntryWriter, RejectedEvent } from '../src/application/event-log';
import { TrackedEvent } from '../src/domain/tracked-event';

/** A log in memory; it reads back what its writer wrote. */
export class CapturedLog extends EventLog {
  readonly accepted: TrackedEvent[] = [];
  readonly rejected: RejectedEvent[] = [];
  away = false;

  async append(_tenantId: TenantId, { events, errors }: LogEntries): Promise<void> {
    if (this.away) throw new Error('away');
    this.accepted.push(...events.map(({ value }) => JSON.parse(value) as TrackedEvent));
    this.rejected.push(...errors.map(({ value }) => JSON.parse(value) as RejectedEvent));
  }
}

export class PlainWriter extends LogEntryWriter {
  write(
    _reception: Reception,
    accepted: readonly TrackedEvent[],
    rejected: readonly RejectedEvent[],
  ): LogEntries {
    return { events: accepted.map(message), errors: rejected.map(message) };
  }
}

function message(value: object): OutgoingMessage {
  return { key: '', value: JSON.stringify(value) };
}
