import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answer, call, Entrances, expectCall, persist } from '@libs/testing';
import { EventPlan, PlannedEvent } from './event-plan';

/** A restart of everything takes its time; a client waits longer than that. */
const PATIENCE_MS = 180_000;

interface Collected {
  accepted: number;
  rejected: { index: number; code: string }[];
}

/** A company whose server sends events with an API key, and sends again whatever was not acknowledged. */
export class EventCompany {
  /** Events of requests that were answered 202, repetitions included. */
  acknowledged = 0;
  /** Requests that had to be sent again. */
  repeated = 0;

  private constructor(
    private readonly at: Entrances,
    readonly tenantId: string,
    /** Of its owner. */
    readonly token: string,
    /** Sends events and reads reports. */
    readonly key: string,
  ) {}

  static async found(at: Entrances): Promise<EventCompany> {
    const subdomain = `eventos-${randomBytes(5).toString('hex')}`;
    const owner = {
      email: `dona@${subdomain}.example`,
      password: `senha-longa-${randomBytes(6).toString('hex')}`,
    };
    const { tenant } = await expectCall<{ tenant: { id: string } }>(at.auth, '/api/v1/auth/register', [201], {
      body: { ...owner, name: 'Dona da Padaria', tenant: { name: 'Padaria dos Eventos', subdomain } },
    });
    const { tokens } = await expectCall<{ tokens: { accessToken: string } }>(
      at.auth,
      '/api/v1/auth/login',
      [200],
      {
        body: owner,
      },
    );
    const { key } = await expectCall<{ key: string }>(at.auth, '/api/v1/keys', [201], {
      token: tokens.accessToken,
      body: { name: 'Servidor', scopes: ['events:write', 'analytics:read'] },
    });
    const company = new EventCompany(at, tenant.id, tokens.accessToken, key);
    await company.known();
    return company;
  }

  /** Sends all that is planned, so many requests at a time, each until it is acknowledged. */
  async send(plan: EventPlan, concurrency = 12, patience = PATIENCE_MS): Promise<void> {
    const deliveries = plan.deliveries();
    const work = async (): Promise<void> => {
      for (let next = deliveries.next(); !next.done; next = deliveries.next())
        await this.deliver(next.value, patience);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }

  private async deliver(events: PlannedEvent[], patience: number): Promise<void> {
    let attempts = 0;
    const { status, body } = await persist(() => {
      attempts += 1;
      return this.post(events);
    }, patience);
    this.repeated += attempts - 1;
    if (status !== 202 || body.accepted !== events.length || body.rejected.length > 0)
      throw new Error(`POST /events/batch → ${status} ${JSON.stringify(body).slice(0, 500)}`);
    this.acknowledged += events.length;
  }

  private post(events: PlannedEvent[]): Promise<Answer<Collected>> {
    return call(this.at.events, '/api/v1/events/batch', {
      headers: { 'x-api-key': this.key },
      body: { events },
    });
  }

  /** The collector hears of a new key through the log. */
  private async known(): Promise<void> {
    const [probe] = EventPlan.of({ events: 1, seed: Math.floor(Math.random() * 2 ** 31) }).deliveries();
    const outside = { ...probe, event_type: 'heartbeat', properties: {} } as PlannedEvent;
    for (let attempt = 0; ; attempt += 1) {
      const { status, body } = await this.post([outside]);
      if (status === 202) return;
      if (attempt === 200) throw new Error(`the key is not known: ${status} ${JSON.stringify(body)}`);
      await sleep(50);
    }
  }
}
