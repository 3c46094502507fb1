import { Injectable } from '@nestjs/common';
import { Clock, ReleaseId, TenantId, TenantTransaction } from '@libs/kernel';

/** A release that was put aside and shall have another try. */
export interface DeadRelease {
  letterId: string;
  /** Absent where nobody could tell whose it is. */
  tenantId?: TenantId;
  requestId: string;
  /** Absent where the queue carried no release at all. */
  releaseId?: ReleaseId;
  inputHash: string;
  /** What the queue carried, as JSON. */
  payload: string;
  /** Tells one release and body from another: the row and its copy on the dead-letter queue have the same. */
  fingerprint: string;
}

/** The dead-letter rows: the truth about what was put aside. */
export abstract class DeadLetterStore {
  abstract count(): Promise<number>;

  /** Tenants that have dead letters; `undefined` stands for letters without one. */
  abstract tenants(): Promise<(TenantId | undefined)[]>;

  /** Locks some letters made before `before`, of one tenant; inside its transaction. */
  abstract take(tenantId: TenantId | undefined, before: Date, limit: number): Promise<DeadRelease[]>;

  /** Marks them redriven and forgets their rejections: they are queued again. */
  abstract settle(letters: readonly DeadRelease[]): Promise<void>;
}

/** The queue of releases and its dead-letter queue. */
export abstract class DeadLetterLine {
  abstract count(): Promise<number>;
  abstract putBack(letters: readonly DeadRelease[]): Promise<void>;

  /**
   * Moves messages that were dead before `before` back, but those whose every release is in `done`, which it drops.
   * @returns how many it moved
   */
  abstract moveBack(before: Date, done: ReadonlySet<string>): Promise<number>;
}

export interface Redriven {
  /** Releases put back from dead-letter rows. */
  rows: number;
  /** Messages put back from the dead-letter queue. */
  messages: number;
}

const CHUNK = 500;

/** Puts what was put aside back onto the queue. Harmless however often: the worker posts each release once. */
@Injectable()
export class RedriveReleases {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: DeadLetterStore,
    private readonly line: DeadLetterLine,
    private readonly clock: Clock,
  ) {}

  /** What `execute` would find. */
  async preview(): Promise<Redriven> {
    return { rows: await this.store.count(), messages: await this.line.count() };
  }

  async execute(): Promise<Redriven> {
    // what fails again while we are at it is for the next time, or we would never end
    const before = this.clock.now();
    const done = new Set<string>();
    let rows = 0;
    for (const tenantId of await this.store.tenants()) {
      for (;;) {
        const letters = await this.redriveSome(tenantId, before);
        for (const { fingerprint } of letters) done.add(fingerprint);
        rows += letters.length;
        if (letters.length < CHUNK) break;
      }
    }
    return { rows, messages: await this.line.moveBack(before, done) };
  }

  /**
   * The queue gets them before the commit, while the rejections are locked: a worker that fails at one again waits,
   * and then rejects anew. A crash in between leaves the rows as they were; the copies on the queue do no harm.
   */
  private redriveSome(tenantId: TenantId | undefined, before: Date): Promise<DeadRelease[]> {
    return this.transaction.runFor(tenantId ? [tenantId] : [], async () => {
      const letters = await this.store.take(tenantId, before, CHUNK);
      if (letters.length === 0) return letters;
      await this.store.settle(letters);
      await this.line.putBack(letters);
      return letters;
    });
  }
}
