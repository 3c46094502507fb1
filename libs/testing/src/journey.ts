import { randomBytes } from 'node:crypto';
import { Money } from '@libs/kernel';
import { Answer, call, Entrances, expectCall, persist } from './api-client';
import { eventually } from './eventually';
import { PlannedRelease, Posting, PostingPlan } from './posting-plan';

export interface DayAnswer {
  date: string;
  timeZone: string;
  openingBalance: string;
  credits: string;
  debits: string;
  balance: string;
  closingBalance: string;
  count: number;
  asOf: string;
}

export interface ReleaseAnswer {
  id: string;
  status: string;
  amount: string;
  description: string;
  occurredAt: string;
  userId: string;
}

/** A company's way through MoneyFlow over HTTP, from its registration to the consolidated day. */
export class Journey {
  private token = '';

  private constructor(
    private readonly at: Entrances,
    readonly email: string,
    readonly password: string,
    readonly subdomain: string,
  ) {}

  /** Registers a company of its own and signs its owner in. */
  static async begin(at: Entrances): Promise<Journey> {
    const name = `jornada-${randomBytes(5).toString('hex')}`;
    const journey = new Journey(
      at,
      `dona@${name}.example`,
      `senha-longa-${randomBytes(6).toString('hex')}`,
      name,
    );
    await expectCall(at.auth, '/api/v1/auth/register', [201], {
      body: {
        email: journey.email,
        password: journey.password,
        name: 'Dona da Padaria',
        tenant: { name: 'Padaria da Jornada', subdomain: name },
      },
    });
    await journey.signIn();
    return journey;
  }

  async signIn(): Promise<void> {
    const { tokens } = await expectCall<{ tokens: { accessToken: string } }>(
      this.at.auth,
      '/api/v1/auth/login',
      [200],
      { body: { email: this.email, password: this.password } },
    );
    this.token = tokens.accessToken;
  }

  me(): Promise<{ user: { email: string; id: string }; tenant: { subdomain: string }; role: string }> {
    return expectCall(this.at.auth, '/api/v1/auth/me', [200], { token: this.token });
  }

  /**
   * Sends everything that is planned, `concurrency` requests at a time, each repeated for `within` milliseconds at most. Answers
   * the ids by planned release.
   */
  async post(
    plan: PostingPlan,
    { concurrency = 16, within = 60_000 } = {},
  ): Promise<Map<PlannedRelease, Set<string>>> {
    const ids = new Map<PlannedRelease, Set<string>>();
    const queue = [...plan.postings];
    const send = async (): Promise<void> => {
      for (let posting = queue.shift(); posting; posting = queue.shift()) {
        const answered = await this.send(posting, within);
        posting.releases.forEach((release, index) => {
          const known = ids.get(release) ?? new Set<string>();
          ids.set(release, known.add(answered[index] ?? 'no id'));
        });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, send));
    return ids;
  }

  /** One posting, repeated until it is acknowledged; the ids of its releases in order. */
  async send({ kind, key, releases }: Posting, within?: number): Promise<string[]> {
    const path = kind === 'single' ? '/api/v1/releases' : '/api/v1/releases/batch';
    const body = kind === 'single' ? releases[0] : { releases };
    const answer = await persist(
      () =>
        call<{ id?: string; items?: { id: string }[] }>(this.at.releases, path, {
          token: this.token,
          body,
          headers: { 'idempotency-key': key },
        }),
      within,
    );
    if (answer.status !== 202)
      throw new Error(`POST ${path} → ${answer.status} ${JSON.stringify(answer.body)}`);
    return kind === 'single' ? [String(answer.body.id)] : (answer.body.items ?? []).map((item) => item.id);
  }

  release(id: string): Promise<ReleaseAnswer> {
    return expectCall(this.at.releases, `/api/v1/releases/${id}`, [200], { token: this.token });
  }

  /** Every posted release, page by page. */
  async releases(limit = 100): Promise<ReleaseAnswer[]> {
    const all: ReleaseAnswer[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) });
      const page = await expectCall<{ items: ReleaseAnswer[]; nextCursor?: string | null }>(
        this.at.releases,
        `/api/v1/releases?${query.toString()}`,
        [200],
        { token: this.token },
      );
      all.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    return all;
  }

  async day(date: string): Promise<DayAnswer> {
    return (await this.dayAnswer(date)).body;
  }

  async dayAnswer(date: string): Promise<Answer<DayAnswer>> {
    const answer = await call<DayAnswer>(this.at.consolidated, `/api/v1/consolidated/daily?date=${date}`, {
      token: this.token,
    });
    if (answer.status !== 200) throw new Error(`GET daily → ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** Waits until every day shows exactly what was planned, to the cent. @throws Error telling what differs */
  async consolidated(plan: PostingPlan, within = 30_000): Promise<void> {
    for (const [date, planned] of plan.days()) {
      await eventually(
        async () => {
          const { credits, debits, balance, count } = await this.day(date);
          const expected = {
            credits: planned.credits.toString(),
            debits: planned.debits.toString(),
            balance: planned.credits.minus(planned.debits).toString(),
            count: planned.count,
          };
          const found = JSON.stringify({ credits, debits, balance, count });
          if (found !== JSON.stringify(expected))
            throw new Error(`${date} is ${found}, planned ${JSON.stringify(expected)}`);
        },
        { within, every: 100 },
      );
    }
  }

  /** Checks that each planned release is posted exactly once. @throws Error telling what differs */
  async postedOnce(plan: PostingPlan, ids: Map<PlannedRelease, Set<string>>): Promise<void> {
    const posted = await this.releases();
    const distinct = new Set(posted.map((release) => release.id));
    if (distinct.size !== posted.length) throw new Error('the list shows a release twice');
    const acknowledged = new Set<string>();
    for (const [release, answered] of ids) {
      if (answered.size !== 1) throw new Error(`${release.description} got ${[...answered].join(' and ')}`);
      answered.forEach((id) => acknowledged.add(id));
    }
    if (acknowledged.size !== plan.releases.length)
      throw new Error(`${plan.releases.length} planned, ${acknowledged.size} ids`);
    const lost = [...acknowledged].filter((id) => !distinct.has(id));
    if (lost.length > 0)
      throw new Error(`${lost.length} acknowledged releases are not posted: ${lost[0]}, …`);
    if (distinct.size !== acknowledged.size)
      throw new Error(`${distinct.size} posted, ${acknowledged.size} acknowledged`);
    const sum = posted.reduce((total, release) => total.plus(Money.parse(release.amount)), Money.ZERO);
    if (!sum.equals(plan.sum()))
      throw new Error(`posted ${sum.toString()}, planned ${plan.sum().toString()}`);
  }
}
