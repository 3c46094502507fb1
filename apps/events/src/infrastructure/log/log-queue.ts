import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { OutgoingMessage } from '@libs/kernel';
import { EventLogUnavailable } from '../../domain/collect.errors';
import { TenantShares } from './tenant-shares';

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
  private readonly shares: TenantShares;

  constructor(
    private readonly patienceMs: number,
    /** Characters that one tenant may have under way, beyond a first request. */
    share = Infinity,
  ) {
    this.shares = new TenantShares(share);
  }

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
    await this.shares.hold(tenantId, weight, async () => {
      bytes += weight;
      messages += given.length;
      try {
        await publish();
      } finally {
        bytes -= weight;
        messages -= given.length;
      }
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
