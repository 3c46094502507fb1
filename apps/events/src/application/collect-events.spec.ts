import { randomUUID } from 'node:crypto';
import { newId, Pseudonyms, TenantId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { CapturedLog, PlainWriter } from '../../test/captured-log';
import { Device, EventSource, Rejection, ToldEvent } from '../domain/tracked-event';
import { JudgeHere } from '../infrastructure/judging/judge-here';
import { CollectEvents } from './collect-events';
import { Countries } from './countries';
import { Delivery, MAX_EVENT_BYTES, Sender } from './delivery';
import { EnrichEvents } from './enrich-events';
import { EventReader } from './event-reader';
import { JudgeEvents } from './judge-events';
import { RecentEvents } from './recent-events';
import { Retention } from './retention';
import { UserAgents } from './user-agents';

const NOW = '2026-11-22T12:00:00.000Z';
const OLDEST = '2025-11-01T00:00:00.000Z';
const PHONE: Device = { kind: 'mobile', family: 'iPhone', browser: 'Safari', os: 'iOS', bot: false };

class Reader extends EventReader {
  read(raw: unknown, index: number, source: EventSource): ToldEvent | Rejection {
    if (typeof raw !== 'object' || raw === null)
      return { index, code: 'malformed_event', message: 'is no object' };
    return {
      eventId: randomUUID(),
      eventType: 'page_view',
      timestamp: NOW,
      source,
      context: {},
      properties: {},
      ...structuredClone(raw),
    };
  }
}
class Recent extends RecentEvents {
  private readonly ids = new Set<string>();
  seen(tenantId: TenantId, eventId: string): boolean {
    const before = this.ids.has(tenantId + eventId);
    this.ids.add(tenantId + eventId);
    return before;
  }
}

function aCollector({ device = (): Device | Promise<Device> => PHONE } = {}) {
  const log = new CapturedLog();
  const enrich = new EnrichEvents(
    { device } satisfies UserAgents,
    { of: (_tenantId, id) => `p_${id.length}` } satisfies Pseudonyms,
  );
  const countries = { of: (ip) => (ip === '203.0.113.7' ? 'BR' : undefined) } satisfies Countries;
  const oldest = Date.parse(OLDEST);
  const retention = { oldest: () => ({ critical: oldest, other: oldest }) } satisfies Retention;
  const judge = new JudgeHere(new JudgeEvents(new Reader(), enrich, new PlainWriter()));
  const clock = new FixedClock(NOW);
  const collect = new CollectEvents(retention, countries, judge, log, new Recent(), clock);
  return { log, collect };
}

const SENDER: Sender = {
  tenantId: newId<TenantId>(),
  appId: newId(),
  ip: '203.0.113.7',
  userAgent: 'Safari',
};
const delivery = (events: unknown[], changes: Partial<Delivery> = {}): Delivery => ({
  source: 'sdk',
  events,
  ...changes,
});

describe('what the collector adds', () => {
  it('is what only the server knows, over whatever the client said of it', async () => {
    const { log, collect } = aCollector();
    await collect.execute(
      SENDER,
      delivery([{ context: { ip: '10.0.0.1', url: 'https://estrela.example/' } }]),
    );
    expect(log.accepted[0]).toMatchObject({
      appId: SENDER.appId,
      receivedAt: NOW,
      occurredAt: NOW,
      country: 'BR',
      device: PHONE,
      context: { ip: '203.0.113.7', userAgent: 'Safari', url: 'https://estrela.example/' },
    });
  });

  it('leaves a user agent that the event names', async () => {
    const { log, collect } = aCollector();
    await collect.execute(SENDER, delivery([{ context: { userAgent: 'Firefox' } }]));
    expect(log.accepted[0]?.context.userAgent).toBe('Firefox');
  });

  it('knows the person of a token better than the event', async () => {
    const { log, collect } = aCollector();
    await collect.execute({ ...SENDER, userId: 'dona' }, delivery([{ userId: 'somebody else' }, {}]));
    await collect.execute(SENDER, delivery([{ userId: 'freguesa' }, {}]));
    expect(log.accepted.map(({ userId }) => userId)).toEqual(['dona', 'dona', 'freguesa', undefined]);
  });

  it('is a pseudonym where an id is personal data', async () => {
    const { log, collect } = aCollector();
    const [userId, sessionId, deviceId] = ['dona@padaria.example', 'a@padaria.example', newId()];
    await collect.execute(SENDER, delivery([{ userId, sessionId, deviceId }]));
    expect(log.accepted[0]).toMatchObject({ userId: 'p_20', sessionId: 'p_17', deviceId });
    expect(JSON.stringify(log.accepted)).not.toContain('padaria');
  });

  it('is the device of a stranger, too, which comes later', async () => {
    let arrive: (device: Device) => void = () => undefined;
    const { log, collect } = aCollector({ device: () => new Promise((resolve) => (arrive = resolve)) });
    const collecting = collect.execute(SENDER, delivery([{}]));
    expect(log.accepted).toEqual([]);
    arrive(PHONE);
    await collecting;
    expect(log.accepted[0]?.device).toEqual(PHONE);
  });

  it('corrects a wrong clock, and keeps what it said', async () => {
    const { log, collect } = aCollector();
    const sentAt = Date.parse('2026-11-22T15:00:00.000Z'); // three hours ahead
    await collect.execute(SENDER, delivery([{ timestamp: '2026-11-22T14:59:50.000Z' }], { sentAt }));
    expect(log.accepted[0]).toMatchObject({
      timestamp: '2026-11-22T14:59:50.000Z',
      occurredAt: '2026-11-22T11:59:50.000Z',
    });
  });
});

describe('what the collector refuses', () => {
  it('is each bad event alone, with the reason for the log of rejected ones', async () => {
    const { log, collect } = aCollector();
    const collected = await collect.execute(
      SENDER,
      delivery([
        {},
        'junk',
        { timestamp: '2025-10-31T23:59:59.999Z', eventId: 'old' },
        { timestamp: '2026-12-24T00:00:00.000Z', eventId: 'ahead' },
        { timestamp: OLDEST },
      ]),
    );
    expect(collected).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, code: 'malformed_event' },
        { index: 2, code: 'too_old', eventId: 'old', eventType: 'page_view' },
        { index: 3, code: 'timestamp_in_future', eventId: 'ahead' },
      ],
    });
    expect(log.accepted).toHaveLength(2);
    expect(
      log.rejected.map(({ code, event, source, receivedAt }) => [code, event, source, receivedAt]),
    ).toEqual([
      ['malformed_event', '"junk"', 'sdk', NOW],
      ['too_old', '{"timestamp":"2025-10-31T23:59:59.999Z","eventId":"old"}', 'sdk', NOW],
      ['timestamp_in_future', '{"timestamp":"2026-12-24T00:00:00.000Z","eventId":"ahead"}', 'sdk', NOW],
    ]);
  });

  it('is an event larger than one may be, whose neighbours go in', async () => {
    const { log, collect } = aCollector();
    const text = 'é'.repeat(MAX_EVENT_BYTES / 2);
    const events = [{}, { properties: { text } }, { properties: { text: text.slice(20) } }];
    const { accepted, rejected } = await collect.execute(SENDER, delivery(events, { bytes: 600_000 }));
    expect([accepted, rejected]).toEqual([
      2,
      [expect.objectContaining({ index: 1, code: 'event_too_large' })],
    ]);
    expect(log.rejected[0]?.event.length).toBeLessThanOrEqual(MAX_EVENT_BYTES);
  });

  it('is nothing when the log is away: then the request fails, and nothing was seen', async () => {
    const { log, collect } = aCollector();
    const events = [{ eventId: 'once' }];
    log.away = true;
    await expect(collect.execute(SENDER, delivery(events))).rejects.toThrow('away');
    log.away = false;
    expect(await collect.execute(SENDER, delivery(events))).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [],
    });
  });
});

describe('duplicates', () => {
  it('are hinted at and not dropped: in one request, and in the next', async () => {
    const { log, collect } = aCollector();
    const events = [{ eventId: 'a' }, { eventId: 'b' }, { eventId: 'a' }];
    expect(await collect.execute(SENDER, delivery(events))).toMatchObject({ accepted: 3, duplicates: 1 });
    expect(await collect.execute(SENDER, delivery(events))).toMatchObject({ accepted: 3, duplicates: 3 });
    const stranger = { ...SENDER, tenantId: newId<TenantId>() };
    expect(await collect.execute(stranger, delivery(events))).toMatchObject({ accepted: 3, duplicates: 1 });
    expect(log.accepted).toHaveLength(9);
  });
});

describe('a long request', () => {
  it('lets others have their turn', async () => {
    const { collect } = aCollector({
      device: () => {
        const until = performance.now() + 3;
        while (performance.now() < until);
        return PHONE;
      },
    });
    let others = 0;
    const timer = setInterval(() => (others += 1), 1);
    await collect.execute(SENDER, delivery(Array.from({ length: 30 }, () => ({}))));
    clearInterval(timer);
    expect(others).toBeGreaterThan(4);
  });
});
