import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess, Entrances, eventually, Journey, PlannedRelease, PostingPlan } from '@libs/testing';

/** Between two plans of one lane: the machine is also to start what was killed. */
const PAUSE_MS = 300;
const PATIENTLY = { within: 90_000, every: 50 };

interface Posted {
  journey: Journey;
  plan: PostingPlan;
  ids: Map<PlannedRelease, Set<string>>;
}

/** One company after the other posts its plan, a few at a time, for as long as something is done to the house. */
export class ContinualPosting {
  private readonly posted: Posted[] = [];
  private going = true;
  private readonly lanes: Promise<unknown>;

  private constructor(
    private readonly at: Entrances,
    private seed: number,
    lanes: number,
  ) {
    this.lanes = Promise.all(Array.from({ length: lanes }, () => this.lane()));
    this.lanes.catch(() => undefined); // `during` tells
  }

  /**
   * Companies post while `work` is done. Then each one's books are looked at: all that was acknowledged is posted and
   * consolidated, once.
   * @returns how many companies there were
   * @throws Error telling what differs
   */
  static async during(
    at: Entrances,
    work: () => Promise<unknown>,
    { seed = 1, lanes = 3 } = {},
  ): Promise<number> {
    const companies = new ContinualPosting(at, seed, lanes);
    try {
      await work();
    } finally {
      companies.going = false;
    }
    await companies.lanes;
    for (const { journey, plan, ids } of companies.posted) {
      await journey.consolidated(plan, 60_000);
      await journey.postedOnce(plan, ids);
    }
    return companies.posted.length;
  }

  private async lane(): Promise<void> {
    while (this.going) {
      const plan = PostingPlan.of({ sends: 200, seed: this.seed++ });
      // The one who lets companies in may be away, too.
      const journey = await eventually(() => Journey.begin(this.at), { within: 120_000, every: 200 });
      this.posted.push({ journey, plan, ids: await journey.post(plan) });
      await sleep(PAUSE_MS);
    }
  }
}

/** Waits until a process that was armed with a failpoint has come there. @throws Error naming the point */
export async function killedBy(armed: AppProcess, point: string): Promise<void> {
  const expected = { point, signal: 'SIGKILL' };
  await eventually(() => expect({ point, signal: armed.signal }).toEqual(expected), PATIENTLY);
}
