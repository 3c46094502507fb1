import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** Something that can be killed; resolves when it is at work again. */
export interface Victim {
  name: string;
  strike(): Promise<void>;
}

/**
 * Kills victims one after the other, in an order that a seed decides, until it is stopped. What was struck stays counted
 * by name.
 */
export class Chaos {
  readonly struck = new Map<string, number>();
  private readonly ending = new AbortController();
  private readonly going: Promise<void>;

  private constructor(
    private readonly victims: readonly Victim[],
    private readonly pauseMs: number,
    private state: number,
  ) {
    this.going = this.go();
    this.going.catch(() => undefined); // `stop` tells
  }

  static begin(victims: readonly Victim[], { pauseMs, seed = 1 }: { pauseMs: number; seed?: number }): Chaos {
    return new Chaos(victims, pauseMs, seed);
  }

  get strikes(): number {
    return [...this.struck.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Resolves when the last one struck is back. @throws what went wrong at a strike */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.going;
  }

  private async go(): Promise<void> {
    // Each round strikes every victim once, in an order of its own: nobody is spared by chance.
    let round: Victim[] = [];
    while (!this.ending.signal.aborted) {
      if (round.length === 0) round = [...this.victims];
      const [victim] = round.splice(this.next() % round.length, 1);
      if (!victim) return;
      await victim.strike();
      this.struck.set(victim.name, (this.struck.get(victim.name) ?? 0) + 1);
      await sleep(this.pauseMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  private next(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state >>> 8;
  }
}

/** Of the PostgreSQL at the other end: the parent of the process that serves us. Linux. */
export async function postmasterPid(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const stat = readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } finally {
    await client.end();
  }
}

/** Kills it as a power cut would; whoever looks after it starts it again. */
export async function killPostgres(url: string): Promise<void> {
  const pid = await eventuallyUp(() => postmasterPid(url));
  process.kill(pid, 'SIGKILL');
  await sleep(200);
  await eventuallyUp(async () => {
    if ((await postmasterPid(url)) === pid) throw new Error('the killed one still answers');
  });
}

async function eventuallyUp<T>(attempt: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 60_000; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}
