import { newId, TenantId, WebhookSubscriptions } from '@libs/kernel';
import { ReceivedEvent } from '@libs/tracked-events';
import { Client } from 'pg';
import { Analytics, AnalyticsDatabase } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { StoreEvents } from '../store-events';
import { EventSubject } from './tell-of-events';

interface Told {
  webhook_id: string;
  type: string;
  status: string;
  subject: EventSubject;
}

let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker();
});
afterAll(() => database?.close());

/** A webhook that the worker knows of. */
async function webhook(tenantId: TenantId, events: string[], { appId = null as string | null } = {}) {
  const id = newId();
  await admin.query(
    `insert into analytics.webhook (tenant_id, id, url, events, app_id, secret, created_by)
     values ($1, $2, 'https://receiver.example', $3, $4, 'sealed', $5)`,
    [tenantId, id, events, appId, newId()],
  );
  await refresh();
  return id;
}

const refresh = () =>
  worker.get<WebhookSubscriptions & { refresh(): Promise<void> }>(WebhookSubscriptions).refresh();

const store = (events: readonly ReceivedEvent[]) => worker.get(StoreEvents).execute(events);

async function told(tenantId: TenantId): Promise<Told[]> {
  const { rows } = await admin.query<Told>(
    `select webhook_id, type, status, subject from analytics.webhook_delivery where tenant_id = $1 order by id`,
    [tenantId],
  );
  return rows;
}

const keysOf = (deliveries: readonly Told[]) =>
  deliveries.flatMap(({ subject }) => subject.keys.map(([eventId]) => eventId)).sort();
const idsOf = (events: readonly ReceivedEvent[]) => events.map(({ eventId }) => eventId).sort();

describe('webhooks of new events', () => {
  it('are told of what they want to know, by reference, and the other tenant’s of nothing', async () => {
    const [tenantId, other] = [aTenant(), aTenant()];
    const clicks = await webhook(tenantId, ['event.click']);
    const everything = await webhook(tenantId, ['event.*', 'alert.fired']);
    await webhook(tenantId, ['alert.*']);
    await webhook(tenantId, ['event.*'], { appId: newId() });
    const click = aTrackedEvent({ tenantId, eventType: 'click', userId: 'dona@padaria.example' });
    await webhook(other, ['event.click'], { appId: click.appId });
    const view = aTrackedEvent({ tenantId });
    await store([click, view, aTrackedEvent({ tenantId: other })]);
    const deliveries = await told(tenantId);
    const of = (id: string) => deliveries.filter(({ webhook_id }) => webhook_id === id);
    expect(deliveries).toHaveLength(2);
    expect(of(clicks)).toEqual([
      {
        webhook_id: clicks,
        type: 'events.received',
        status: 'waiting',
        subject: { appId: click.appId, keys: [[click.eventId, click.timestamp]] },
      },
    ]);
    expect(keysOf(of(everything))).toEqual(idsOf([click, view]));
    expect(JSON.stringify(deliveries)).not.toContain('padaria');
    expect(await told(other)).toEqual([]);
  });

  it('are told of each event once, however often and in whatever batches it comes, from two consumers at once', async () => {
    const tenantId = aTenant();
    await webhook(tenantId, ['event.*']);
    const events = Array.from({ length: 350 }, () => aTrackedEvent({ tenantId }));
    await store(events.slice(0, 120));
    const shuffled = [...events].sort(() => Math.random() - 0.5);
    await Promise.all([
      store(events.slice(60)),
      store(shuffled.slice(0, 200)),
      store([...shuffled, ...shuffled]),
    ]);
    await store(events);
    expect(keysOf(await told(tenantId))).toEqual(idsOf(events));
  });

  it('are told nothing of what was not stored: with the batch goes the word of it', async () => {
    const tenantId = aTenant();
    await webhook(tenantId, ['event.*']);
    const wrong = aTrackedEvent({ tenantId, eventType: '*' });
    await expect(store([aTrackedEvent({ tenantId }), wrong])).rejects.toThrow();
    expect(await told(tenantId)).toEqual([]);
  });

  it('stop no event when they are gone, paused or disabled a moment before', async () => {
    const tenantId = aTenant();
    for (const status of ['removed', 'paused', 'disabled']) {
      const id = await webhook(tenantId, ['event.*']);
      await admin.query(`update analytics.webhook set status = $2 where id = $1`, [id, status]);
      expect(await store([aTrackedEvent({ tenantId })])).toMatchObject({ stored: 1 });
    }
    expect(await told(tenantId)).toEqual([]);
  });
});
