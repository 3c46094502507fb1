import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { OutgoingMessage } from '@libs/kernel';
import { EventLogFull, EventLogUnavailable } from '../../domain/collect.errors';

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

/**
 * What the log was given and has not confirmed: measured, no tenant holds more than its share of it, and nobody waits for it
 * longer than clients do.
 */
export class LogQueue {
  private readonly held = new Map<string, number>();

  constructor(
    private readonly patienceMs: number,
    /** Characters that one tenant may have under way, beyond a first request. */
    private readonly share = Infinity,
  ) {}

  /**
   * Counts what `publish` is given until that is settled, however long a caller waited.
   * @throws EventLogFull instead of publishing
   */
  async hold(
    tenantId: string,
    given: readonly OutgoingMessage[],
    publish: () => Promise<void>,
  ): Promise<void> {
    let weight = 0;
    for (const { value } of given) weight += value.length;
    const before = this.held.get(tenantId) ?? 0;
    if (before > 0 && before + weight > this.share) throw new EventLogFull();
    this.held.set(tenantId, before + weight);
    bytes += weight;
    messages += given.length;
    try {
      await publish();
    } finally {
      bytes -= weight;
      messages -= given.length;
      const after = (this.held.get(tenantId) ?? 0) - weight;
      if (after > 0) this.held.set(tenantId, after);
      else this.held.delete(tenantId);
    }
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
