import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { OutgoingMessage } from '@libs/kernel';
import { EventLogUnavailable } from '../../domain/collect.errors';

let bytes = 0;
let messages = 0;

for (const [name, help, value] of [
  ['events_log_queue_bytes', 'Events that the log has been given and has not yet confirmed.', () => bytes],
  [
    'events_log_queue_messages',
    'Messages that the log has been given and has not yet confirmed.',
    () => messages,
  ],
] as const)
  new Gauge({
    name,
    help,
    registers: [metrics],
    collect() {
      this.set(value());
    },
  });

/** What the log was given and has not confirmed: measured, and waited for no longer than clients do. */
export class LogQueue {
  constructor(private readonly patienceMs: number) {}

  /** Counts until it is settled, however long a caller waited. */
  hold(held: readonly OutgoingMessage[], publishing: Promise<void>): Promise<void> {
    let weight = 0;
    for (const { value } of held) weight += value.length;
    bytes += weight;
    messages += held.length;
    return publishing.finally(() => {
      bytes -= weight;
      messages -= held.length;
    });
  }

  /** @throws EventLogUnavailable when it takes too long: the events may still arrive, and may be sent again */
  async wait(work: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new EventLogUnavailable()), this.patienceMs);
    });
    try {
      await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
