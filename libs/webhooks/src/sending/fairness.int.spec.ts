import { EnqueueDeliveries, newId, NewDelivery, TenantId } from '@libs/kernel';
import { asAdmin, eventually, TestDatabase } from '@libs/testing';
import { hooksDatabase } from '../../test/hooks-database';
import { Api, openApi, openWorker, WorkerHalf, WorkerOptions } from '../../test/hooks';
import { Receiver } from '../../test/receiver';
import { RegisterWebhook } from '../managing/register-webhook';
import { SendingStore } from '../postgres/sending-store';

describe('deliveries', () => {
  let database: TestDatabase;
  let api: Api;
  const workers: WorkerHalf[] = [];
  const receivers: Receiver[] = [];

  beforeAll(async () => {
    database = await hooksDatabase();
    api = await openApi(database);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
    await asAdmin(database.adminUrl, 'truncate hooks.webhook, hooks.webhook_delivery, hooks.webhook_attempt');
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  const receiverOf = async (...args: Parameters<typeof Receiver.start>): Promise<Receiver> => {
    const receiver = await Receiver.start(...args);
    receivers.push(receiver);
    return receiver;
  };
  const workerOf = async (options: WorkerOptions = {}): Promise<WorkerHalf> => {
    const worker = await openWorker(database, options);
    workers.push(worker);
    return worker;
  };
  const register = async (url: string, tenantId = newId<TenantId>()) => {
    const input = { tenantId, by: newId(), url, events: ['event.*'] };
    const { webhook } = await api.as(tenantId, () => api.get(RegisterWebhook).execute(input));
    return webhook;
  };
  const enqueue = (
    worker: WorkerHalf,
    webhooks: readonly { tenantId: TenantId; id: string }[],
    each: number,
  ) => {
    const deliveries = webhooks.flatMap(({ tenantId, id }) =>
      Array.from({ length: each }, (_, at): NewDelivery => {
        const key = `${id}:${at}`;
        return { tenantId, webhookId: id, type: 'event.click', subject: { key }, subjectKey: key };
      }),
    );
    return worker.transaction.runFor([...new Set(webhooks.map(({ tenantId }) => tenantId))], () =>
      worker.get(EnqueueDeliveries).add(deliveries),
    );
  };

  it('reach a receiver that is there while many others hang', async () => {
    const dead = await receiverOf(() => undefined);
    const good = await receiverOf();
    const hanging = await Promise.all(Array.from({ length: 30 }, () => register(dead.url)));
    const served = await register(good.url);
    const worker = await workerOf({
      dispatcher: { atOnce: 16, perWebhook: 4, pollMs: 20 },
      limits: { totalMs: 2_000 },
    });
    await enqueue(worker, hanging, 50);
    await worker.start();
    // every place is taken by one that hangs for the first time; then they are known
    await eventually(() => expect(dead.received.length).toBeGreaterThanOrEqual(16));
    await enqueue(worker, [served], 100);
    await eventually(() => expect(new Set(good.ids()).size).toBe(100), { within: 20_000 });
    expect(dead.received.length).toBeLessThan(200);
  }, 40_000);

  it('of a tenant whose receivers are slow on purpose leave the others theirs', async () => {
    const slow = await receiverOf((response) => void setTimeout(() => response.writeHead(200).end(), 3_300));
    const quick = await receiverOf();
    const tenantId = newId<TenantId>();
    const greedy = await Promise.all(Array.from({ length: 20 }, () => register(slow.url, tenantId)));
    const modest = await register(quick.url);
    const worker = await workerOf({
      dispatcher: { atOnce: 8, perWebhook: 4, pollMs: 20 },
      limits: { totalMs: 9_000 },
    });
    await enqueue(worker, greedy, 20);
    await worker.start();
    // once each place has been taken by one that turned out slow, they have half of the places
    await eventually(() => expect(slow.received.length).toBeGreaterThan(8), { within: 20_000 });
    await enqueue(worker, [modest], 50);
    const started = performance.now();
    await eventually(() => expect(new Set(quick.ids()).size).toBe(50), { within: 20_000 });
    expect(performance.now() - started).toBeLessThan(10_000);
  }, 60_000);

  it('go to one webhook no more than four at once, however many processes send', async () => {
    const slow = await receiverOf((response) => void setTimeout(() => response.writeHead(204).end(), 60));
    const webhook = await register(slow.url);
    const senders = await Promise.all([workerOf(), workerOf(), workerOf()]);
    await enqueue(senders[0], [webhook], 60);
    await Promise.all(senders.map((sender) => sender.start()));
    await eventually(() => expect(new Set(slow.ids()).size).toBe(60), { within: 20_000 });
    expect(slow.mostAtOnce).toBeLessThanOrEqual(4);
    expect(slow.received).toHaveLength(60);
  }, 40_000);

  it('go out once each, whoever sends', async () => {
    const receiver = await receiverOf();
    const webhooks = await Promise.all(Array.from({ length: 10 }, () => register(receiver.url)));
    // a busy machine must not make one look undelivered
    const patient = () => workerOf({ limits: { connectMs: 5_000, totalMs: 9_000 } });
    const senders = await Promise.all([patient(), patient(), patient()]);
    await Promise.all(senders.map((sender) => sender.start()));
    await Promise.all(senders.map((sender) => enqueue(sender, webhooks, 20)));
    await eventually(
      async () => {
        const [row] = await asAdmin<{ left: number }>(
          database.adminUrl,
          `select count(*)::integer as left from hooks.webhook_delivery where status <> 'delivered'`,
        );
        expect(row?.left).toBe(0);
      },
      { within: 20_000 },
    );
    expect(receiver.received).toHaveLength(200);
    expect(new Set(receiver.ids()).size).toBe(200);
  }, 40_000);

  it('leave a receiver alone that keeps failing, and try it with one', async () => {
    const bad = await receiverOf((response) => void response.writeHead(500).end());
    const webhook = await register(bad.url);
    const worker = await workerOf();
    await enqueue(worker, [webhook], 100);
    await worker.start();
    await eventually(() => expect(bad.received.length).toBeGreaterThanOrEqual(4));
    await new Promise((resolve) => setTimeout(resolve, 500));
    // four at once at first, and what was under way when the third failed
    expect(bad.received.length).toBeLessThanOrEqual(8);
    await asAdmin(database.adminUrl, 'update hooks.webhook set resting_until = null');
    await eventually(() => expect(bad.received.length).toBeGreaterThanOrEqual(5));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(bad.received.length).toBeLessThanOrEqual(9);
  });

  it('that were claimed by who died come free when the lease ends, and the late result of a slow one counts for nothing', async () => {
    const receiver = await receiverOf();
    const webhook = await register(receiver.url);
    const worker = await workerOf();
    await enqueue(worker, [webhook], 1);
    const store = worker.get(SendingStore);
    const [claim] = await store.claim(10, 4, 10, 8);
    expect(await store.claim(10, 4, 10, 8)).toEqual([]);
    await asAdmin(
      database.adminUrl,
      `update hooks.webhook_delivery set lease_until = now() - interval '1 second', next_try_at = now()`,
    );
    const [again] = await store.claim(10, 4, 10, 8);
    expect(again).toMatchObject({ id: claim?.id, attempt: 2 });
    const mark = (of: typeof claim) =>
      worker.transaction.runFor([webhook.tenantId], () =>
        store.mark([{ claim: of as NonNullable<typeof claim>, mark: { status: 'delivered' } }]),
      );
    expect(await mark(claim)).toEqual(new Set());
    expect(await mark(again)).toEqual(new Set([0]));
  });

  it('under way are given back when the sender stops', async () => {
    const hanging = await receiverOf(() => undefined);
    const webhook = await register(hanging.url);
    const worker = await openWorker(database, {
      limits: { totalMs: 10_000 },
      dispatcher: { patienceMs: 200 },
    });
    await worker.start();
    await enqueue(worker, [webhook], 3);
    await eventually(() => expect(hanging.received).toHaveLength(3));
    const started = performance.now();
    await worker.close();
    expect(performance.now() - started).toBeLessThan(3_000);
    const rows = await asAdmin<{ status: string; step: number; leased: boolean }>(
      database.adminUrl,
      'select status, step, lease_until is not null as leased from hooks.webhook_delivery',
    );
    expect(rows).toEqual(Array(3).fill({ status: 'waiting', step: 0, leased: false }));
  });

  it('are forgotten after 30 days, with their tries, and removed webhooks after them', async () => {
    const receiver = await receiverOf();
    const [kept, removed] = await Promise.all([register(receiver.url), register(receiver.url)]);
    const worker = await workerOf();
    await enqueue(worker, [kept, removed], 2);
    await asAdmin(
      database.adminUrl,
      `insert into hooks.webhook_attempt (tenant_id, delivery_id, attempt, at, duration_ms)
       select tenant_id, id, 1, now(), 1 from hooks.webhook_delivery`,
    );
    await asAdmin(
      database.adminUrl,
      `update hooks.webhook_delivery set created_at = now() - interval '31 days' where webhook_id = $1`,
      [removed.id],
    );
    await asAdmin(
      database.adminUrl,
      `update hooks.webhook set status = 'removed', removed_at = now() - interval '32 days' where id = $1`,
      [removed.id],
    );
    expect(await worker.get(SendingStore).purge(100)).toBe(2);
    const left = async (table: string) =>
      (await asAdmin(database.adminUrl, `select 1 from hooks.${table}`)).length;
    expect(await Promise.all(['webhook', 'webhook_delivery', 'webhook_attempt'].map(left))).toEqual([
      1, 2, 2,
    ]);
  });

  it('that wait are counted for those who look after it', async () => {
    const receiver = await receiverOf();
    const worker = await workerOf();
    const webhook = await register(receiver.url);
    await enqueue(worker, [webhook], 5);
    const { waiting, oldest } = await worker.get(SendingStore).backlog();
    expect(waiting).toBe(5);
    expect(Date.now() - (oldest?.getTime() ?? 0)).toBeLessThan(60_000);
    await asAdmin(database.adminUrl, `update hooks.webhook set status = 'paused'`);
    expect(await worker.get(SendingStore).backlog()).toEqual({ waiting: 0, oldest: undefined });
  });
});
