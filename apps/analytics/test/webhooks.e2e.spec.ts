import { topics, TrackedEventV1 } from '@libs/contracts';
import { EventPublisher, newId } from '@libs/kernel';
import { eventPublisher } from '@libs/messaging';
import { AppProcess, call, eventually, expectCall } from '@libs/testing';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { launchRollup } from './rollup-process';
import { aTrackedEvent } from './tracked-event.builder';
import { isSigned, Received, WebhookReceiver } from './webhook-receiver';

const PATH = '/api/v1/analytics/webhooks';
const OWNER = 'tenant:write analytics:read';
const NETWORKS = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32' };
const patiently = { within: 30_000 };

interface Registered {
  id: string;
  secret: string;
}
interface Delivery {
  id: string;
  status: string;
  reason?: string;
  attempts: number;
  tries: { httpStatus?: number; error?: string; answer?: string }[];
}

let house: AnalyticsHouse;
let publisher: EventPublisher & { close(): Promise<void> };
let worker: AppProcess;

beforeAll(async () => {
  house = await AnalyticsHouse.open(NETWORKS);
  publisher = eventPublisher({ eventLogUrl: house.database.urlFor('event_log') });
  worker = await launch();
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await publisher?.close();
  await house?.close();
});

function launch(failpoint?: string): Promise<AppProcess> {
  return launchRollup(house.database, { ...NETWORKS, ...(failpoint && { MONEYFLOW_FAILPOINT: failpoint }) });
}

/** A tenant with a receiver of its own. */
class Company {
  private constructor(
    readonly tenant: TestTenant,
    readonly token: string,
    readonly receiver: WebhookReceiver,
  ) {}

  static async found(): Promise<Company> {
    const tenant = await house.tenant();
    return new Company(tenant, house.token(tenant, OWNER), await WebhookReceiver.open());
  }

  /** And the worker has had time to hear of it. */
  async register(events: string[]): Promise<Registered> {
    const body = { url: this.receiver.url, events };
    const made = await expectCall<Registered>(house.url, PATH, [201], { token: this.token, body });
    await heard();
    return made;
  }

  ask<T>(path: string, options: { method?: string; body?: object } = {}): Promise<T> {
    return expectCall<T>(house.url, PATH + path, [200, 201, 202], { token: this.token, ...options });
  }

  deliveries(id: string): Promise<{ items: Delivery[] }> {
    return this.ask(`/${id}/deliveries?limit=100`);
  }

  /** Puts an event on the log, twice: carriers may. */
  async happens(changes: Partial<TrackedEventV1> = {}): Promise<TrackedEventV1> {
    const [event] = await this.manyHappen([changes]);
    return event as TrackedEventV1;
  }

  async manyHappen(changes: Partial<TrackedEventV1>[]): Promise<TrackedEventV1[]> {
    const { tenantId, appId } = this.tenant;
    const events = changes.map((change) => {
      const { tenantId: _, ...event } = aTrackedEvent({ tenantId, appId, ...change });
      return event;
    });
    const envelope = {
      id: newId(),
      type: topics.events,
      version: 1,
      tenantId,
      occurredAt: new Date().toISOString(),
      requestId: newId(),
      payload: { events },
    };
    const message = { key: tenantId, value: JSON.stringify(envelope) };
    await publisher.publish(topics.events, [message, message]);
    return events;
  }

  async is(id: string, status: string, ...of: string[]): Promise<void> {
    await eventually(async () => {
      const { items } = await this.deliveries(id);
      expect(items.filter((each) => of.length === 0 || of.includes(each.id))).not.toEqual([]);
      for (const each of items) if (of.length === 0 || of.includes(each.id)) expect(each.status).toBe(status);
    }, patiently);
  }
}

/** The worker looks each second who wants to be told of what; where the machine is busy, a little later. */
const heard = () => new Promise((resolve) => setTimeout(resolve, 2_500));

/** Whether the worker has acknowledged all that is on the log. */
async function allRead(): Promise<void> {
  await eventually(async () => {
    const { rows } = await house.admin.query<{ all: boolean }>(
      `select position >= (select max(position) from event_log.batch where topic = $1) as all
       from event_log.group_offset where topic = $1 and group_name = 'analytics'`,
      [topics.events],
    );
    expect(rows).toEqual([{ all: true }]);
  }, patiently);
}

describe('an event', () => {
  it('is told to those who want it, signed, as the raw store has it, without the sender’s address', async () => {
    const company = await Company.found();
    const { receiver } = company;
    const webhook = await company.register(['event.transfer_completed']);
    await company.happens({ eventType: 'click' });
    const event = await company.happens({ eventType: 'transfer_completed', properties: { amount: '12.34' } });
    await eventually(() => expect(receiver.events).toEqual([event.eventId]), patiently);
    const [told] = receiver.received as [Received];
    expect(isSigned(told, webhook.secret)).toBe(true);
    expect(isSigned({ ...told, text: told.text.replace('12.34', '99.99') }, webhook.secret)).toBe(false);
    expect(told.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^MoneyFlow-Webhooks\/\d/) as string,
    });
    expect(told.body).toEqual({
      id: told.id,
      type: 'events.received',
      timestamp: expect.any(String) as string,
      tenantId: company.tenant.tenantId,
      data: {
        appId: company.tenant.appId,
        events: [
          expect.objectContaining({
            eventId: event.eventId,
            eventType: 'transfer_completed',
            timestamp: event.timestamp,
            userId: event.userId,
            metadata: { amount: '12.34' },
            visitor: expect.stringMatching(/^[0-9a-f]{13}$/) as string,
          }),
        ],
      },
    });
    expect(told.text).not.toMatch(/"(context|userAgent|ip)"/);
    await company.is(webhook.id, 'delivered');
    await receiver.close();
  });

  it('is told once, however often the topic is read again', async () => {
    const company = await Company.found();
    const { id } = await company.register(['event.*']);
    const events = await company.manyHappen(Array.from({ length: 250 }, () => ({})));
    const ids = events.map(({ eventId }) => eventId).sort();
    await eventually(() => expect([...company.receiver.events].sort()).toEqual(ids), patiently);
    await company.is(id, 'delivered');
    const before = (await company.deliveries(id)).items;
    await worker.stop();
    await house.admin.query(`update event_log.group_offset set position = 0 where topic = $1`, [
      topics.events,
    ]);
    worker = await launch();
    await allRead();
    await heard();
    expect((await company.deliveries(id)).items).toEqual(before);
    expect(company.receiver.events).toHaveLength(ids.length);
    await company.receiver.close();
  }, 90_000);

  it('that somebody did who was erased meanwhile is not told: the rest of its delivery is, and what is empty is cancelled', async () => {
    const company = await Company.found();
    const { receiver } = company;
    receiver.status = 503;
    const { id } = await company.register(['event.*']);
    const [leaves, stays] = [newId(), newId()];
    const [, kept] = await company.manyHappen([{ userId: leaves }, { userId: stays }]);
    await eventually(() => expect(receiver.received).toHaveLength(1), patiently);
    await company.happens({ userId: leaves });
    await allRead();
    await eventually(async () => expect((await company.deliveries(id)).items).toHaveLength(2), patiently);
    const path = `/api/v1/analytics/users/${leaves}`;
    const { erasureId } = await expectCall<{ erasureId: string }>(house.url, path, [202], {
      token: company.token,
      method: 'DELETE',
    });
    await eventually(async () => {
      const of = { token: company.token };
      const erasure = await call(house.url, `/api/v1/analytics/erasures/${erasureId}`, of);
      expect(erasure.body).toMatchObject({ status: 'completed' });
    }, patiently);
    receiver.received.length = 0;
    receiver.status = 204;
    for (const { id: delivery } of (await company.deliveries(id)).items)
      await company.ask(`/${id}/deliveries/${delivery}/replay`, { body: {} });
    await eventually(async () => {
      const { items } = await company.deliveries(id);
      expect(items.map(({ status, reason }) => [status, reason])).toEqual([
        ['cancelled', 'nothing_to_tell'],
        ['delivered', undefined],
      ]);
    }, patiently);
    expect(receiver.events).toEqual([kept?.eventId]);
    expect(JSON.stringify(receiver.received)).not.toContain(leaves);
    await receiver.close();
  }, 90_000);
});

describe('a receiver', () => {
  it('takes either secret while one is being changed, and the new one alone where the old one leaked', async () => {
    const company = await Company.found();
    const { receiver } = company;
    const { id, secret: first } = await company.register(['event.*']);
    const { secret: second } = await company.ask<Registered>(`/${id}/secret`, { body: { overlapHours: 1 } });
    await company.happens();
    await eventually(() => expect(receiver.received).toHaveLength(1), patiently);
    const taken = (at: number) =>
      [first, second].map((secret) => isSigned(receiver.received[at] as Received, secret));
    expect(taken(0)).toEqual([true, true]);
    const { secret: third } = await company.ask<Registered>(`/${id}/secret`, { body: { overlapHours: 0 } });
    await company.happens();
    await eventually(() => expect(receiver.received).toHaveLength(2), patiently);
    expect(taken(1)).toEqual([false, false]);
    expect(isSigned(receiver.received[1] as Received, third)).toBe(true);
    await receiver.close();
  });

  it('that is paused hears nothing of what happens meanwhile, also later', async () => {
    const company = await Company.found();
    const { receiver } = company;
    const { id } = await company.register(['event.*']);
    await company.ask(`/${id}`, { method: 'PATCH', body: { status: 'paused' } });
    await heard();
    await company.happens();
    await allRead();
    await company.ask(`/${id}`, { method: 'PATCH', body: { status: 'active' } });
    await heard();
    const after = await company.happens();
    await eventually(() => expect(receiver.events).toEqual([after.eventId]), patiently);
    await receiver.close();
  });

  it('is tried, its answers are in the log, and what failed is sent again when asked', async () => {
    const company = await Company.found();
    const { receiver } = company;
    const { id } = await company.register(['alert.fired']);
    const { deliveryId } = await company.ask<{ deliveryId: string }>(`/${id}/test`, { body: {} });
    await eventually(() => expect(receiver.of('webhook.test')).toHaveLength(1), patiently);
    await company.is(id, 'delivered', deliveryId);
    receiver.status = 500;
    await company.ask(`/${id}/deliveries/${deliveryId}/replay`, { body: {} });
    await eventually(async () => {
      const { tries, status } = await company.ask<Delivery>(`/${id}/deliveries/${deliveryId}`);
      expect(tries).toMatchObject([{ httpStatus: 204 }, { httpStatus: 500, answer: 'said the receiver' }]);
      expect(status).toBe('waiting');
    }, patiently);
    receiver.status = 200;
    await house.admin.query(`update analytics.webhook_delivery set status = 'failed' where id = $1`, [
      deliveryId,
    ]);
    const since = new Date(Date.now() - 60_000).toISOString();
    expect(await company.ask(`/${id}/deliveries/replay`, { body: { since } })).toEqual({
      replayed: 1,
      more: false,
    });
    await company.is(id, 'delivered', deliveryId);
    expect(new Set(receiver.received.map((told) => told.id))).toEqual(new Set([deliveryId]));
    await receiver.close();
  });
});

describe('the worker, killed', () => {
  it.each([
    'analytics.before-commit',
    'analytics.after-commit',
    'webhooks.after-claim',
    'webhooks.after-send',
  ])(
    'at %s, still tells of every event, under ids that say what came twice',
    async (point) => {
      const company = await Company.found();
      const { receiver } = company;
      const { id } = await company.register(['event.*']);
      await worker.stop();
      const events = await company.manyHappen([{}, {}, {}]);
      const armed = await launch(point);
      await armed.ended();
      expect(armed.signal).toBe('SIGKILL');
      // as if its lease had ended
      await house.admin.query(
        `update analytics.webhook_delivery set lease_until = null, next_try_at = now() where status = 'waiting'`,
      );
      worker = await launch();
      const ids = events.map(({ eventId }) => eventId).sort();
      await eventually(() => expect([...new Set(receiver.events)].sort()).toEqual(ids), patiently);
      await company.is(id, 'delivered');
      expect(new Set(receiver.received.map((told) => told.id)).size).toBe(1);
      expect(receiver.received).toHaveLength(point === 'webhooks.after-send' ? 2 : 1);
      await receiver.close();
    },
    90_000,
  );
});
