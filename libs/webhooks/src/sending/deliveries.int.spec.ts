import { auditSchema } from '@libs/database';
import { EnqueueDeliveries, newId, TenantId, WebhookSubscriptions } from '@libs/kernel';
import { eventually, TestDatabase } from '@libs/testing';
import { Webhook as Verifier } from 'standardwebhooks';
import { hooksDatabase } from '../../test/hooks-database';
import { Api, FakeBodies, openApi, openWorker, WorkerHalf } from '../../test/hooks';
import { Received, Receiver } from '../../test/receiver';
import { SnapshotWebhookSubscriptions } from '../enqueuing/snapshot-webhook-subscriptions';
import { ChangeWebhook } from '../managing/change-webhook';
import { RegisterWebhook } from '../managing/register-webhook';
import { RemoveWebhook } from '../managing/remove-webhook';
import { ReplayDeliveries } from '../managing/replay-deliveries';
import { RotateWebhookSecret } from '../managing/rotate-webhook-secret';
import { ShowDeliveries } from '../managing/show-deliveries';
import { ShowWebhooks } from '../managing/show-webhooks';
import { TestWebhook } from '../managing/test-webhook';
import { asAdmin } from '../../test/as-admin';

const BY = newId();

describe('webhooks', () => {
  let database: TestDatabase;
  let api: Api;
  let worker: WorkerHalf;
  let bodies: FakeBodies;
  let receiver: Receiver;
  let tenantId: TenantId;

  beforeAll(async () => {
    database = await hooksDatabase();
    api = await openApi(database);
  });
  beforeEach(async () => {
    tenantId = newId<TenantId>();
    receiver = await Receiver.start();
    bodies = new FakeBodies();
    worker = await openWorker(database, { bodies });
    await worker.start();
  });
  afterEach(async () => {
    await worker.close();
    await receiver.close();
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
  });

  const register = (events = ['event.*'], url = receiver.url, appId?: string) =>
    api.as(tenantId, () => api.get(RegisterWebhook).execute({ tenantId, by: BY, url, events, appId }));
  const enqueue = (type: string, key: string, more: { webhookId?: string; appId?: string } = {}) =>
    worker.transaction.runFor([tenantId], () =>
      worker.get(EnqueueDeliveries).add([{ tenantId, type, subject: { key }, subjectKey: key, ...more }]),
    );
  const deliveries = async (webhookId: string) =>
    api.as(tenantId, () => api.get(ShowDeliveries).list(tenantId, { webhookId }, 100));
  const verified = (secret: string, { body, headers }: Received): unknown =>
    new Verifier(secret).verify(body, headers as Record<string, string>);

  it('leave no hole in the wall between tenants', async () => {
    expect(await auditSchema(database.adminUrl, 'hooks')).toEqual([]);
  });

  it('are told once, in the form of Standard Webhooks, with a signature that its library takes', async () => {
    const { webhook, secret } = await register();
    await enqueue('event.page_view', 'a');
    await enqueue('event.page_view', 'a');
    await eventually(() => expect(receiver.received).toHaveLength(1));
    const [sent] = receiver.received;
    const [delivery] = await deliveries(webhook.id);
    expect(verified(secret, sent as Received)).toEqual({
      id: delivery?.id,
      type: 'event.page_view',
      timestamp: delivery?.createdAt.toISOString(),
      tenantId,
      data: { key: 'a', note: 'olá' },
    });
    expect(sent).toMatchObject({
      method: 'POST',
      path: '/hook',
      headers: { 'content-type': 'application/json', 'webhook-id': delivery?.id },
    });
    expect(sent?.headers['user-agent']).toMatch(/^MoneyFlow-Webhooks\/\d/);
    await eventually(async () =>
      expect(await deliveries(webhook.id)).toMatchObject([{ status: 'delivered', attempts: 1 }]),
    );
    expect(receiver.received).toHaveLength(1);
  });

  it('are told only what they asked for, of the application they asked for', async () => {
    const [appId, other] = [newId(), newId()];
    const all = await register(['event.*']);
    const alerts = await register(['alert.fired']);
    const ofApp = await register(['event.click'], receiver.url, appId);
    await enqueue('event.click', 'a', { appId });
    await enqueue('event.click', 'b', { appId: other });
    await enqueue('alert.fired', 'c');
    await eventually(() => expect(receiver.received).toHaveLength(4));
    expect(await deliveries(all.webhook.id)).toHaveLength(2);
    expect(await deliveries(alerts.webhook.id)).toMatchObject([{ type: 'alert.fired' }]);
    expect(await deliveries(ofApp.webhook.id)).toHaveLength(1);
  });

  it('bear both signatures while a secret is being rotated, and one where it is not to last', async () => {
    const { webhook, secret } = await register();
    const rotate = (overlapHours?: number) =>
      api.as(tenantId, () =>
        api.get(RotateWebhookSecret).execute({ tenantId, by: BY, webhookId: webhook.id, overlapHours }),
      );
    const second = await rotate();
    await enqueue('event.click', 'a');
    await eventually(() => expect(receiver.received).toHaveLength(1));
    for (const known of [secret, second.secret]) verified(known, receiver.received[0] as Received);
    const third = await rotate(0);
    await enqueue('event.click', 'b');
    await eventually(() => expect(receiver.received).toHaveLength(2));
    const last = receiver.received[1] as Received;
    verified(third.secret, last);
    expect(() => verified(second.secret, last)).toThrow();
    expect(last.headers['webhook-signature']).not.toContain(' ');
  });

  it('keep no secret that could be read in the tables', async () => {
    const { secret } = await register();
    const [row] = await asAdmin<{ all: string }>(
      database.adminUrl,
      'select string_agg(w::text, $1) as all from hooks.webhook w',
      [' '],
    );
    expect(row?.all).not.toContain(secret.slice('whsec_'.length));
  });

  it('are not told what was erased before it was sent', async () => {
    const { webhook } = await register();
    bodies.erased.add('gone');
    await enqueue('event.click', 'gone');
    await eventually(async () =>
      expect(await deliveries(webhook.id)).toMatchObject([
        { status: 'cancelled', reason: 'nothing_to_tell' },
      ]),
    );
    expect(receiver.received).toEqual([]);
  });

  it('try again after a failure, with the answer in the log, without what looks like personal data', async () => {
    receiver.answer((response) => void response.writeHead(500).end('no: maria@example.com \0'));
    const { webhook } = await register();
    await enqueue('event.click', 'a');
    const { delivery, attempts } = await eventually(async () => {
      const [found] = await deliveries(webhook.id);
      const shown = await api.as(tenantId, () =>
        api.get(ShowDeliveries).one(tenantId, webhook.id, found?.id ?? ''),
      );
      expect(shown.attempts).toHaveLength(1);
      return shown;
    });
    expect(delivery).toMatchObject({ status: 'waiting', attempts: 1 });
    const pause = (delivery.nextTryAt?.getTime() ?? 0) - Date.now();
    expect(pause).toBeGreaterThan(5_000);
    expect(pause).toBeLessThan(12_000);
    expect(attempts).toMatchObject([{ attempt: 1, httpStatus: 500, error: 'status_refused' }]);
    expect(attempts[0]?.answer).toMatch(/^no: /);
    expect(attempts[0]?.answer).not.toContain('maria@');

    receiver.answer((response) => void response.writeHead(200).end('ok'));
    await api.as(tenantId, () =>
      api.get(ReplayDeliveries).one({ tenantId, by: BY, webhookId: webhook.id, deliveryId: delivery.id }),
    );
    await eventually(async () =>
      expect(await deliveries(webhook.id)).toMatchObject([{ status: 'delivered', attempts: 2 }]),
    );
    expect(new Set(receiver.ids())).toEqual(new Set([delivery.id]));
    expect(await api.as(tenantId, () => api.get(ShowWebhooks).one(tenantId, webhook.id))).toMatchObject({
      failures: 0,
    });
  });

  it('give a delivery up after the last retry, and send all that failed again when asked', async () => {
    receiver.answer((response) => void response.writeHead(400).end());
    const { webhook } = await register();
    await enqueue('event.click', 'a');
    await eventually(() => expect(receiver.received).toHaveLength(1));
    await eventually(async () => expect(await deliveries(webhook.id)).toMatchObject([{ attempts: 1 }]));
    await eventually(async () => {
      const done = await asAdmin(
        database.adminUrl,
        `update hooks.webhook_delivery set step = 10, next_try_at = now()
         where tenant_id = $1 and lease_until is null and status = 'waiting' returning 1`,
        [tenantId],
      );
      expect(done).toHaveLength(1);
    });
    await eventually(async () =>
      expect(await deliveries(webhook.id)).toMatchObject([
        { status: 'failed', reason: 'retries_exhausted', attempts: 2 },
      ]),
    );
    receiver.answer((response) => void response.writeHead(200).end());
    const replay = (since: Date) =>
      api.as(tenantId, () =>
        api.get(ReplayDeliveries).failedSince({ tenantId, by: BY, webhookId: webhook.id, since }),
      );
    expect(await replay(new Date(Date.now() + 60_000))).toEqual({ replayed: 0, more: false });
    expect(await replay(new Date(Date.now() - 60_000))).toEqual({ replayed: 1, more: false });
    await eventually(async () =>
      expect(await deliveries(webhook.id)).toMatchObject([{ status: 'delivered' }]),
    );
  });

  it('are disabled by 410, told why, and told nothing until somebody makes them active', async () => {
    receiver.answer((response) => void response.writeHead(410).end());
    const { webhook } = await register();
    await enqueue('event.click', 'a');
    await eventually(async () =>
      expect(await api.as(tenantId, () => api.get(ShowWebhooks).one(tenantId, webhook.id))).toMatchObject({
        status: 'disabled',
        disabledReason: 'gone',
      }),
    );
    expect(await deliveries(webhook.id)).toMatchObject([{ status: 'failed', reason: 'gone' }]);
    await enqueue('event.click', 'b', { webhookId: webhook.id });
    expect(await deliveries(webhook.id)).toHaveLength(1);
    await expect(
      api.as(tenantId, () => api.get(TestWebhook).execute({ tenantId, webhookId: webhook.id })),
    ).rejects.toMatchObject({ code: 'webhook_not_active' });
    receiver.answer((response) => void response.writeHead(204).end());
    const change = { tenantId, by: BY, webhookId: webhook.id, status: 'active' as const };
    expect(await api.as(tenantId, () => api.get(ChangeWebhook).execute(change))).toMatchObject({
      status: 'active',
      disabledReason: undefined,
      failures: 0,
    });
    const id = await api.as(tenantId, () =>
      api.get(TestWebhook).execute({ tenantId, webhookId: webhook.id }),
    );
    await eventually(() => expect(receiver.ids()).toContain(id));
  });

  it('are disabled after three days of failures, not sooner', async () => {
    receiver.answer((response) => void response.writeHead(500).end());
    const { webhook } = await register();
    const failedAt = async (key: string, since: string) => {
      await asAdmin(
        database.adminUrl,
        `update hooks.webhook set failing_since = now() - $2::interval, failures = 1 where id = $1`,
        [webhook.id, since],
      );
      const before = receiver.received.length;
      await enqueue('event.click', key);
      await eventually(() => expect(receiver.received.length).toBeGreaterThan(before));
      return eventually(async () => {
        const [row] = await asAdmin<{ status: string; failures: number }>(
          database.adminUrl,
          'select status, failures from hooks.webhook where id = $1',
          [webhook.id],
        );
        expect(row?.failures).toBe(2);
        return row?.status;
      });
    };
    expect(await failedAt('a', '71 hours')).toBe('active');
    expect(await failedAt('b', '73 hours')).toBe('disabled');
  });

  it('honour Retry-After of a busy receiver, and leave it alone until then', async () => {
    receiver.answer((response) => void response.writeHead(429, { 'retry-after': '1800' }).end());
    const { webhook } = await register();
    await enqueue('event.click', 'a');
    await eventually(async () => {
      const [delivery] = await deliveries(webhook.id);
      expect((delivery?.nextTryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_700_000);
    });
    await enqueue('event.click', 'b');
    // the delivery after it has been looked at many times by now
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(receiver.received).toHaveLength(1);
  });

  it('that are paused or removed are sent nothing', async () => {
    const { webhook } = await register();
    const change = { tenantId, by: BY, webhookId: webhook.id, status: 'paused' as const };
    await api.as(tenantId, () => api.get(ChangeWebhook).execute(change));
    const subscriptions = worker.get<SnapshotWebhookSubscriptions>(WebhookSubscriptions);
    await subscriptions.refresh();
    expect(subscriptions.of(tenantId)).toEqual([]);
    await enqueue('event.click', 'a', { webhookId: webhook.id });
    expect(await deliveries(webhook.id)).toEqual([]);
    await api.as(tenantId, () => api.get(RemoveWebhook).execute({ tenantId, by: BY, webhookId: webhook.id }));
    await expect(
      api.as(tenantId, () => api.get(ShowWebhooks).one(tenantId, webhook.id)),
    ).rejects.toMatchObject({ code: 'webhook_not_found' });
    await expect(deliveries(webhook.id)).rejects.toMatchObject({ code: 'webhook_not_found' });
    const [row] = await asAdmin<{ url: string; secret: string }>(
      database.adminUrl,
      'select url, secret from hooks.webhook where id = $1',
      [webhook.id],
    );
    expect(row).toEqual({ url: '', secret: '' });
  });

  it('show in the snapshot of subscriptions while they are active', async () => {
    const appId = newId();
    const { webhook } = await register(['event.click', 'alert.fired'], receiver.url, appId);
    const subscriptions = worker.get<SnapshotWebhookSubscriptions>(WebhookSubscriptions);
    await subscriptions.refresh();
    expect(subscriptions.of(tenantId)).toEqual([
      { webhookId: webhook.id, events: ['event.click', 'alert.fired'], appId },
    ]);
    expect(subscriptions.of(newId<TenantId>())).toEqual([]);
  });

  it('are 20 at most, however many are registered at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => register()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'too_many_webhooks' });
    const list = await api.as(tenantId, () => api.get(ShowWebhooks).list(tenantId, { limit: 50 }));
    expect(list).toHaveLength(20);
  });

  it('of another tenant are not there, for anybody', async () => {
    const { webhook } = await register();
    await enqueue('event.click', 'a');
    await eventually(async () => expect(await deliveries(webhook.id)).toHaveLength(1));
    const [delivery] = await deliveries(webhook.id);
    const stranger = newId<TenantId>();
    const tries: (() => Promise<unknown>)[] = [
      () => api.get(ShowWebhooks).one(stranger, webhook.id),
      () =>
        api
          .get(ChangeWebhook)
          .execute({ tenantId: stranger, by: BY, webhookId: webhook.id, status: 'paused' }),
      () => api.get(RemoveWebhook).execute({ tenantId: stranger, by: BY, webhookId: webhook.id }),
      () => api.get(RotateWebhookSecret).execute({ tenantId: stranger, by: BY, webhookId: webhook.id }),
      () => api.get(TestWebhook).execute({ tenantId: stranger, webhookId: webhook.id }),
      () => api.get(ShowDeliveries).list(stranger, { webhookId: webhook.id }, 10),
      () => api.get(ShowDeliveries).one(stranger, webhook.id, delivery?.id ?? ''),
      () =>
        api
          .get(ReplayDeliveries)
          .one({ tenantId: stranger, by: BY, webhookId: webhook.id, deliveryId: delivery?.id ?? '' }),
    ];
    for (const attempt of tries) {
      await expect(api.as(stranger, attempt)).rejects.toMatchObject({ code: 'webhook_not_found' });
    }
    // the second wall alone: the query names the owner, the transaction is the stranger's
    await expect(
      api.as(stranger, () => api.get(ShowWebhooks).one(tenantId, webhook.id)),
    ).rejects.toMatchObject({ code: 'webhook_not_found' });
    await expect(
      worker.transaction.runFor([stranger], () =>
        worker
          .get(EnqueueDeliveries)
          .add([{ tenantId, webhookId: webhook.id, type: 'event.click', subject: {}, subjectKey: 'x' }]),
      ),
    ).resolves.toBeUndefined();
    expect(await deliveries(webhook.id)).toHaveLength(1);
  });

  it('are told when our own part works again, without a try of theirs lost', async () => {
    bodies.failing = true;
    const { webhook } = await register();
    await enqueue('event.click', 'a');
    await eventually(async () => {
      const [row] = await asAdmin<{ step: number; lease_until: Date | null; later: boolean }>(
        database.adminUrl,
        'select step, lease_until, next_try_at > now() as later from hooks.webhook_delivery where tenant_id = $1',
        [tenantId],
      );
      expect(row).toEqual({ step: 0, lease_until: null, later: true });
    });
    bodies.failing = false;
    await asAdmin(
      database.adminUrl,
      'update hooks.webhook_delivery set next_try_at = now() where tenant_id = $1',
      [tenantId],
    );
    await eventually(async () =>
      expect(await deliveries(webhook.id)).toMatchObject([{ status: 'delivered' }]),
    );
  });
});
