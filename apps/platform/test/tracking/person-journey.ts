import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Entrances, eventually, expectCall } from '@libs/testing';
import { EventCompany } from './event-company';

const EVENTS = '/api/v1/events';
const PATIENTLY = { within: 30_000, every: 100 };
/** What tells of an erasure names the person, until it is told. */
const NOT_LOOKED_AT = ['outbox'];

type Service = 'events' | 'analytics';
interface Progress {
  status: string;
  erased: Record<string, number>;
}

/** Persons come, are erased by one service or the other, are sent again, and come back. */
export class PersonJourney {
  private readonly type = `visita_${randomUUID().replace(/[^a-f]/g, '')}`;

  private constructor(
    private readonly at: Entrances,
    private readonly company: EventCompany,
    private readonly admin: Client,
  ) {}

  static async begin(at: Entrances, adminUrl: string): Promise<PersonJourney> {
    const admin = new Client({ connectionString: adminUrl });
    await admin.connect();
    return new PersonJourney(at, await EventCompany.found(at), admin);
  }

  /** `by`: which service is asked; the other one hears of it. */
  async isErased(person: string, by: Service): Promise<void> {
    const other = `cliente-${randomUUID()}`;
    const before = await this.visits();
    const [theirs, others] = [this.life(person), this.life(other)];
    await this.send([...theirs, ...others]);
    await eventually(async () => expect(await this.visits()).toBe(before + 4), PATIENTLY);
    const name = await eventually(() => this.nameOf(person), PATIENTLY);
    expect(await this.tablesNaming(name)).toEqual(
      expect.arrayContaining(['analytics.events', 'analytics.sessions', 'events.user_events']),
    );

    const path = `/api/v1/${by}/users/${encodeURIComponent(person)}`;
    const { erasureId } = await expectCall<{ erasureId: string }>(this.at[by], path, [202], {
      method: 'DELETE',
      token: this.company.token,
    });
    await eventually(async () => {
      const [events, analytics] = [
        await this.progress('events', erasureId),
        await this.progress('analytics', erasureId),
      ];
      expect(events).toMatchObject({ status: 'completed', erased: { userEvents: 1, transactions: 1 } });
      expect(analytics).toMatchObject({ status: 'completed', erased: { events: 3, sessions: 1 } });
    }, PATIENTLY);
    expect(await this.visits()).toBe(before + 2);
    expect(await this.tablesNaming(name)).toEqual([]);
    expect(await this.nameOf(other)).toBe(other);

    // sent again, and behind it something new, so that it is known when the former has arrived
    const news = this.life(person);
    await this.send([...theirs, ...others, ...news]);
    await eventually(async () => expect(await this.visits()).toBe(before + 4), PATIENTLY);
    await this.send(theirs);
    await this.send([this.event(other, this.type)]);
    await eventually(async () => expect(await this.visits()).toBe(before + 5), PATIENTLY);
    await eventually(async () => {
      const actions = await this.audited(by, erasureId);
      expect(actions.sort()).toEqual([`${by}.person_erased`, `${by}.person_erasure_requested`]);
    }, PATIENTLY);
  }

  async end(): Promise<void> {
    await this.admin.end();
  }

  /** Two visits of a page, and a payment. */
  private life(user: string): object[] {
    const payment = this.event(user, 'payment_completed', { amount: '89.90' });
    return [this.event(user, this.type), this.event(user, this.type), payment];
  }

  private event(userId: string, eventType: string, metadata: object = {}): object {
    return {
      eventId: randomUUID(),
      eventType,
      userId,
      sessionId: `s-${userId}`,
      timestamp: new Date().toISOString(),
      url: 'https://loja.example/',
      metadata,
    };
  }

  private async send(events: object[]): Promise<void> {
    const answer = await expectCall<{ accepted: number }>(this.at.events, `${EVENTS}/track/batch`, [202], {
      headers: { 'x-api-key': this.company.key },
      body: { events },
    });
    expect(answer.accepted).toBe(events.length);
  }

  /** What every report counts. */
  private async visits(): Promise<number> {
    const { rows } = await this.admin.query<{ visits: number }>(
      `select coalesce(sum(events), 0)::int as visits from analytics.quarter_rollup where tenant_id = $1 and event_type = $2`,
      [this.company.tenantId, this.type],
    );
    return rows[0]?.visits ?? 0;
  }

  /** As the rows name the person. */
  private async nameOf(person: string): Promise<string> {
    const { items } = await expectCall<{ items: { userId: string }[] }>(
      this.at.events,
      `${EVENTS}?userId=${encodeURIComponent(person)}`,
      [200],
      { token: this.company.token },
    );
    expect(items).not.toEqual([]);
    return items[0]!.userId;
  }

  private progress(service: Service, erasureId: string): Promise<Progress> {
    return expectCall<Progress>(this.at[service], `/api/v1/${service}/erasures/${erasureId}`, [200], {
      token: this.company.token,
    });
  }

  private async audited(by: Service, erasureId: string): Promise<string[]> {
    const { items } = await expectCall<{ items: { action: string; target: string; details: object }[] }>(
      this.at.auth,
      `/api/v1/tenants/me/audit?limit=100`,
      [200],
      { token: this.company.token },
    );
    return items
      .filter((entry) => JSON.stringify([entry.target, entry.details]).includes(erasureId))
      .map(({ action }) => action)
      .filter((action) => action.startsWith(by));
  }

  /** Tables of both services of which any row says the name. */
  private async tablesNaming(name: string): Promise<string[]> {
    const { rows: tables } = await this.admin.query<{ schema: string; name: string }>(
      `select table_schema as schema, table_name as name from information_schema.columns
       where table_schema in ('events', 'analytics') and column_name = 'tenant_id' and not table_name = any ($1)`,
      [NOT_LOOKED_AT],
    );
    const naming: string[] = [];
    for (const table of tables) {
      const { rowCount } = await this.admin.query(
        `select from ${table.schema}.${table.name} t where tenant_id = $1 and position($2 in to_jsonb(t)::text) > 0`,
        [this.company.tenantId, name],
      );
      if (rowCount) naming.push(`${table.schema}.${table.name}`);
    }
    return naming;
  }
}
