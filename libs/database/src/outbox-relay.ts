import { setTimeout as sleep } from 'node:timers/promises';
import { EventPublisher, failpoint, OutgoingMessage } from '@libs/kernel';
import { logger } from '@libs/logging';
import { onCommit } from './commits';
import { ClaimedRow, OutboxStore } from './outbox-store';
import { Wakeable } from './wakeable';

export interface RelayOptions {
  /** Of the relay role. */
  url: string;
  schema: string;
  publisher: EventPublisher;
  /** A claim that was not marked within this time is another relay's to take. Default 30. */
  leaseSeconds?: number;
  /** Most outbox rows of one pass. Default 32. */
  claimRows?: number;
  /** Longest pause between two looks when nothing wakes it. Default 1000. */
  idlePollMs?: number;
  /** How long sent rows are kept for a look back. Default 600. */
  keepSentSeconds?: number;
  /** How often older ones are deleted. Default 60,000. */
  purgeEveryMs?: number;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_RETRY_MS = 2000;
/** What a stop waits for a pass that will probably fail. */
const IN_VAIN_MS = 1000;
const MAX_PUBLISH_BYTES = 900_000;

/**
 * Publishes what transactions left in an outbox. Several may share one outbox: each claims rows for a lease (SKIP
 * LOCKED), publishes outside any transaction and marks them in one UPDATE; what a dead relay held comes free when its
 * lease expires, so delivery is at least once. Rows are found by their unsent mark, never by a cursor: one that commits
 * late is not lost.
 */
export class OutboxRelay {
  private readonly log = logger('outbox-relay');
  private readonly store: OutboxStore;
  private readonly pause = new Wakeable();
  private readonly fullClaim: number;
  private claimSize: number;
  private passes: Promise<unknown> = Promise.resolve();
  private loop?: Promise<void>;
  private stopping = false;
  private failing = false;
  private stopListening?: () => void;
  private purgedAt = performance.now();

  constructor(private readonly options: RelayOptions) {
    this.store = new OutboxStore(options.url, options.schema, options.leaseSeconds ?? 30);
    this.fullClaim = options.claimRows ?? 32;
    this.claimSize = this.fullClaim;
  }

  /** @throws ConfigError, naming `variable`, for a role that could pass row-level security */
  async refuseUnsafeRole(variable: string): Promise<void> {
    try {
      await this.store.refuseUnsafeRole(variable);
    } catch (error) {
      await this.store.close();
      throw error;
    }
  }

  /** Relays until stopped. Woken by this process's commits; other processes' rows are seen by a slow poll. */
  start(): void {
    if (this.loop) return;
    this.stopListening = onCommit(`${this.options.schema}.outbox`, () => this.wake());
    this.loop = this.relay();
  }

  /** Look now: rows were committed. */
  wake(): void {
    this.pause.wake();
  }

  /**
   * Publishes everything claimable and returns. What another relay holds is its own to send.
   * @returns how many messages
   * @throws what the publisher or the database threw
   */
  async drain(): Promise<number> {
    let total = 0;
    for (;;) {
      const { rows, messages } = await this.pass();
      if (rows === 0) return total;
      total += messages;
    }
  }

  /** Finishes the pass under way, flushes what is left within `flushMs`, and closes its connections. */
  async stop(flushMs = 3000): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    this.stopListening?.();
    this.wake();
    if (await this.rests(this.failing ? IN_VAIN_MS : Math.max(flushMs, IN_VAIN_MS)))
      if (this.loop && !this.failing && flushMs > 0) await this.flush(flushMs);
    await this.store.close();
  }

  /** Whether the pass under way ended in time; a broker that is away may keep it long, and its lease ends by itself. */
  private async rests(withinMs: number): Promise<boolean> {
    const patience = new AbortController();
    const rest = Promise.all([this.loop, this.passes]).then(() => true);
    const late = sleep(withinMs, false, { signal: patience.signal }).catch(() => false);
    try {
      return await Promise.race([rest, late]);
    } finally {
      patience.abort();
    }
  }

  private async flush(flushMs: number): Promise<void> {
    const deadline = performance.now() + flushMs;
    try {
      while (performance.now() < deadline && (await this.pass()).rows > 0);
    } catch (error) {
      // Nothing is lost: the rows stay unsent and the next relay takes them.
      this.log.warn({ err: error }, 'the outbox could not be flushed on the way out');
    }
  }

  private async relay(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    let failures = 0;
    while (!this.stopping) {
      try {
        const { rows } = await this.pass();
        if (failures > 0) this.log.info({ failures }, 'relaying again');
        failures = 0;
        this.failing = false;
        await this.purgeNowAndThen();
        if (rows > 0) {
          pauseMs = FIRST_PAUSE_MS;
          continue;
        }
        const woken = await this.pause.sleep(pauseMs);
        pauseMs = woken ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, this.options.idlePollMs ?? 1000);
      } catch (error) {
        failures += 1;
        this.failing = true;
        const retryMs = Math.min(100 * 2 ** (failures - 1), LONGEST_RETRY_MS);
        // A long outage is one story, not a line every two seconds.
        if (failures === 1 || failures % 30 === 0)
          this.log.warn({ err: error, failures, retryMs }, 'relaying failed, will try again');
        await this.pause.rest(retryMs, () => this.stopping);
      }
    }
  }

  /** One claim, publish, mark. Passes never overlap, whoever asks for them. */
  private pass(): Promise<{ rows: number; messages: number }> {
    const next = this.passes.then(() => this.passOnce());
    this.passes = next.catch(() => undefined);
    return next;
  }

  private async passOnce(): Promise<{ rows: number; messages: number }> {
    failpoint('relay.before-claim');
    const rows = await this.store.claim(this.claimSize);
    if (rows.length === 0) return { rows: 0, messages: 0 };
    failpoint('relay.after-claim');
    try {
      failpoint('relay.before-publish');
      await this.publish(rows);
      failpoint('relay.after-publish');
    } catch (error) {
      // Then one at a time: a row that can never be published soon waits alone, with a growing pause, while the rest flows.
      this.claimSize = 1;
      await this.store.giveBack(rows);
      throw error;
    }
    failpoint('relay.before-mark');
    await this.store.markSent(rows);
    failpoint('relay.after-mark');
    this.claimSize = Math.min(this.claimSize * 2, this.fullClaim);
    return { rows: rows.length, messages: rows.reduce((sum, row) => sum + row.envelopes.length, 0) };
  }

  private async publish(rows: readonly ClaimedRow[]): Promise<void> {
    const topics = [...new Set(rows.map((row) => row.topic))];
    const sends = topics.map(async (topic) => {
      const batches = batchesOf(rows.filter((row) => row.topic === topic));
      for (const batch of batches) await this.options.publisher.publish(topic, batch);
    });
    const outcomes = await Promise.allSettled(sends);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async purgeNowAndThen(): Promise<void> {
    if (performance.now() - this.purgedAt < (this.options.purgeEveryMs ?? 60_000)) return;
    this.purgedAt = performance.now();
    await this.store.purge(this.options.keepSentSeconds ?? 600);
  }
}

/** Rows go out together as far as a broker's limit on one batch allows. */
function* batchesOf(rows: readonly ClaimedRow[]): Generator<OutgoingMessage[]> {
  let batch: OutgoingMessage[] = [];
  let bytes = 0;
  for (const row of rows) {
    for (const value of row.envelopes) {
      const weight = Buffer.byteLength(value);
      if (bytes + weight > MAX_PUBLISH_BYTES && batch.length > 0) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push({ key: row.tenantId, value });
      bytes += weight;
    }
  }
  if (batch.length > 0) yield batch;
}
