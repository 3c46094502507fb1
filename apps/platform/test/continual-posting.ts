import { setTimeout as sleep } from 'node:timers/promises';
import { POSTING_FAILPOINTS } from '@libs/kernel';
import { AppProcess, Entrances, eventually, Journey, PlannedRelease, PostingPlan } from '@libs/testing';

/** Between two plans of one lane: the machine is also to start what was killed. */
const PAUSE_MS = 300;
/**
 * A kill may leave a claim of 30 s on a request, the next one may come right when it is asked again, and a start takes its time, too.
 */
const THROUGH_KILLS = { within: 120_000 };
const PATIENTLY = { within: 90_000, every: 50 };

type Point = (typeof POSTING_FAILPOINTS)[number];

/** Has a process die at this point; one that takes requests serves some before, so that those who post get on in between. */
export function dyingAt(point: Point): Record<string, string> {
  return { MONEYFLOW_FAILPOINT: point.startsWith('api.') ? `${point}:20` : point };
}

interface Posted {
  journey: Journey;
  plan: PostingPlan;
  ids: Map<PlannedRelease, Set<string>>;
}

/** One company after the other posts its plan, a few at a time, for as long as something is done to the house. */
export class ContinualPosting {
  private readonly posted: Posted[] = [];
  private going = true;
  private failure?: Error;
  private readonly lanes: Promise<unknown>;

  private constructor(
    private readonly at: Entrances,
    private seed: number,
    lanes: number,
  ) {
    this.lanes = Promise.all(Array.from({ length: lanes }, () => this.lane()));
    this.lanes.catch((error: Error) => (this.failure = error)); // `killed` and `during` tell
  }

  /**
   * Companies post while `work` is done. Then each one's books are looked at: all that was acknowledged is posted and
   * consolidated, once.
   * @returns how many companies there were
   * @throws Error telling what differs
   */
  static async during(
    at: Entrances,
    work: (companies: ContinualPosting) => Promise<unknown>,
    { seed = 1, lanes = 3 } = {},
  ): Promise<number> {
    const companies = new ContinualPosting(at, seed, lanes);
    try {
      await work(companies);
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

  /**
   * Waits until a process that was armed with a failpoint has come there.
   * @throws what keeps the companies from posting, for then it never will; Error with its output where it ended otherwise
   */
  async killed(armed: AppProcess, point: Point): Promise<void> {
    const over = (): boolean => !armed.alive || this.failure !== undefined;
    await eventually(() => expect({ point, over: over() }).toEqual({ point, over: true }), PATIENTLY);
    if (this.failure) throw this.failure;
    if (armed.signal !== 'SIGKILL')
      throw new Error(`${point}: it ended with ${armed.exitCode ?? armed.signal}\n${armed.tail}`);
  }

  private async lane(): Promise<void> {
    while (this.going) {
      const plan = PostingPlan.of({ sends: 200, seed: this.seed++ });
      // The one who lets companies in may be away, too.
      const journey = await eventually(() => Journey.begin(this.at), { ...THROUGH_KILLS, every: 200 });
      this.posted.push({ journey, plan, ids: await journey.post(plan, THROUGH_KILLS) });
      await sleep(PAUSE_MS);
    }
  }
}
