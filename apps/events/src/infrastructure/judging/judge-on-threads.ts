import { OnApplicationShutdown } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { logger } from '@libs/logging';
import { Delivery, EventBody, Reception } from '../../application/delivery';
import { EventJudge, JudgedEvents } from '../../application/event-judge';
import { TenantShares } from '../log/tenant-shares';
import { JudgeThread } from './judge-thread';

const log = logger('events.judging');

/** A smaller body is judged as soon as it would have travelled: measured, some five events. */
const WORTH_THE_WAY = 4 * 1024;
/** Bytes of larger bodies in a second from which on threads pay: some 1,500 events. */
const BUSY_BYTES = 1024 * 1024;
const SECOND_MS = 1_000;
/** So many busy seconds in a row, and the threads begin: a few batches at once are no reason. */
const BUSY_SECONDS = 3;
/** So many looks in a row that saw less than a busy second of bodies, and the threads end. */
const LOOK_MS = 10_000;
const QUIET_LOOKS = 6;

let threads = 0;
new Gauge({
  name: 'events_judging_threads',
  help: 'Threads that read and mask events; none while there are few.',
  registers: [metrics],
  collect() {
    this.set(threads);
  },
});

export interface JudgingOptions {
  /** How many there are under load. */
  threads: number;
  start: () => Worker;
  shares: TenantShares;
}

/**
 * Judges large bodies on threads of its own while many come, and here otherwise: what a thread does not judge (it is none's
 * delivery, the thread failed) is judged here, which is where errors come from.
 */
export class JudgeOnThreads extends EventJudge implements OnApplicationShutdown {
  private pool: JudgeThread[] = [];
  private second = { from: 0, bytes: 0, busyBefore: 0 };
  private looked = { bytes: 0, quiet: 0 };
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly here: EventJudge,
    private readonly options: JudgingOptions,
  ) {
    super();
  }

  async judge(reception: Reception, given: EventBody | Delivery): Promise<JudgedEvents> {
    if ('events' in given || given.bytes.length < WORTH_THE_WAY) return this.here.judge(reception, given);
    this.note(given.bytes.length);
    const thread = this.leastLoaded();
    if (!thread) return this.here.judge(reception, given);
    const judged = await this.options.shares.hold(reception.tenantId, given.bytes.length, () =>
      thread.judge(reception, given),
    );
    return judged ?? this.here.judge(reception, given);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pool.map((thread) => thread.end()));
  }

  private leastLoaded(): JudgeThread | undefined {
    let least: JudgeThread | undefined;
    for (const thread of this.pool) if (thread.ready && (!least || thread.load < least.load)) least = thread;
    return least;
  }

  private note(bytes: number): void {
    const now = performance.now();
    const { from, bytes: before, busyBefore } = this.second;
    if (now - from > SECOND_MS) {
      const goesOn = before > BUSY_BYTES && now - from < 2 * SECOND_MS;
      this.second = { from: now, bytes: 0, busyBefore: goesOn ? busyBefore + 1 : 0 };
    }
    this.second.bytes += bytes;
    this.looked.bytes += bytes;
    if (this.second.busyBefore >= BUSY_SECONDS && !this.timer) this.begin();
  }

  private begin(): void {
    this.looked = { bytes: 0, quiet: 0 };
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
    try {
      while (this.pool.length < this.options.threads) this.add();
    } catch (error) {
      // the machine has no more threads to give: that is no fault of whose body it is
      log.error({ err: error }, 'a thread that judges events cannot be started');
    }
  }

  private add(): void {
    const thread = new JudgeThread(this.options.start(), (error) => {
      this.pool = this.pool.filter((other) => other !== thread);
      threads -= 1;
      if (error) log.error({ err: error }, 'a thread that judges events has failed');
    });
    this.pool.push(thread);
    threads += 1;
  }

  /** One that failed is replaced only after all have ended: whatever ends each of them at once must not fill the log. */
  private look(): void {
    const quiet = this.looked.bytes < BUSY_BYTES || this.pool.length === 0;
    this.looked = { bytes: 0, quiet: quiet ? this.looked.quiet + 1 : 0 };
    if (this.looked.quiet < QUIET_LOOKS) return;
    clearInterval(this.timer);
    this.timer = undefined;
    for (const thread of this.pool) void thread.end();
  }
}
