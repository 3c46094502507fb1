import { randomUUID } from 'node:crypto';
import { call, Entrances, eventually, expectCall } from '@libs/testing';
import { EventCompany } from './event-company';

const ANALYTICS = '/api/v1/analytics';
/** Each is timed; a machine that does something else at one moment says nothing of us. */
const TIMED = 9;
const PROMISED_MS = 1_000;

interface Unique {
  count: number;
  method: string;
}
interface Summary {
  totals: { events: number; users: Unique; sessions: Unique };
  byType: { eventType: string; events: number }[];
  asOf: string;
}
interface Timeline {
  points: { start: string; end: string; count: number }[];
}

/** From a page's event to every report about it. */
export class ReportJourney {
  private readonly device = randomUUID();
  private readonly session = randomUUID();
  private seq = 0;

  private constructor(
    private readonly at: Entrances,
    private readonly company: EventCompany,
  ) {}

  static async begin(at: Entrances): Promise<ReportJourney> {
    return new ReportJourney(at, await EventCompany.found(at));
  }

  /** A person's way through a shop; every report tells of it, and they agree. */
  async tellsOfAVisit(): Promise<void> {
    const user = `cliente-${randomUUID().slice(0, 8)}`;
    await this.send([
      this.event('page_view', user, '/'),
      this.event('page_view', user, '/pagar/123456'),
      this.event('payment_completed', user, '/pagar/123456', { amount: '89.90' }),
    ]);
    const before = await eventually(async () => {
      const summary = await this.report<Summary>('/events/summary');
      const count = (type: string) => summary.byType.find(({ eventType }) => eventType === type)?.events ?? 0;
      expect([count('page_view'), count('payment_completed')]).toEqual([2, 1]);
      expect(summary.totals).toMatchObject({ events: 3, users: { count: 1, method: 'exact' } });
      return summary;
    });
    const { points } = await this.report<Timeline>('/events/timeline?interval=hour');
    expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(before.totals.events);
    const profile = await this.report<object>(`/users/${user}`);
    expect(profile).toMatchObject({ userId: user, events: 3, sessions: { count: 1 } });
    const funnel = await this.report<object>('/funnel?steps=page_view,payment_completed&window=1h');
    expect(funnel).toMatchObject({ steps: [{ visitors: 1 }, { visitors: 1 }] });
    const { appId } = await this.report<{ appId: string }>('/pages');
    await this.report(`/apps/${appId}/overview`);
  }

  /** Sends one more and asks at once, again and again: at least half of them are seen in time, cached reports or not. */
  async seesAtOnce(): Promise<void> {
    const type = `visita_${this.device.replace(/\D/g, '').slice(0, 5)}`;
    const took: number[] = [];
    for (let sent = 1; sent <= TIMED; sent += 1) {
      await expectCall(this.at.events, '/api/v1/events/track', [202], {
        headers: this.byKey,
        body: { eventType: type, sessionId: this.session },
      });
      const acknowledged = performance.now();
      await eventually(async () => {
        const { totals } = await this.report<Summary>(`/events/summary?eventType=${type}`);
        expect(totals.events).toBe(sent);
      });
      took.push(performance.now() - acknowledged);
      // the same question again is answered by the cache, and outdated by the next event
      await eventually(async () => {
        const again = await call(this.at.analytics, `${ANALYTICS}/events/summary?eventType=${type}`, {
          headers: this.byKey,
        });
        expect(again.headers.get('x-cache')).toBe('HIT');
      });
    }
    const median = took.sort((a, b) => a - b)[TIMED >> 1];
    expect(median).toBeLessThan(PROMISED_MS);
  }

  private get byKey(): Record<string, string> {
    return { 'x-api-key': this.company.key };
  }

  private event(event_type: string, user_id: string, path: string, properties: object = {}) {
    this.seq += 1;
    return {
      event_id: randomUUID(),
      event_type,
      // steps of a funnel are some time apart
      timestamp: new Date(Date.now() - 60_000 + this.seq * 1_000).toISOString(),
      user: { user_id, device_id: this.device },
      session: { session_id: this.session, seq: this.seq },
      context: { url: `https://loja.example${path}`, referrer: 'https://busca.example/?q=pao' },
      properties,
      version: '1.0.0',
    };
  }

  private async send(events: object[]): Promise<void> {
    const answer = await expectCall<{ accepted: number }>(this.at.events, '/api/v1/events/batch', [202], {
      headers: this.byKey,
      body: { events },
    });
    expect(answer.accepted).toBe(events.length);
  }

  /** By the key, which has to reach this service as well. */
  private async report<T>(path: string): Promise<T> {
    return eventually(() =>
      expectCall<T>(this.at.analytics, `${ANALYTICS}${path}`, [200], { headers: this.byKey }),
    );
  }
}
