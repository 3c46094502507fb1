import { auditSchema } from '@libs/database';
import { EnqueueDeliveries, newId, TenantId, WebhookSubscriptions } from '@libs/kernel';
import { asAdmin, eventually } from '@libs/testing';
import { BY, OneTenant } from '../../test/one-tenant';
import { SnapshotWebhookSubscriptions } from '../enqueuing/snapshot-webhook-subscriptions';
import { SendingStore } from '../postgres/sending-store';
import { ChangeWebhook } from '../managing/change-webhook';
import { RemoveWebhook } from '../managing/remove-webhook';
import { ReplayDeliveries } from '../managing/replay-deliveries';
import { RotateWebhookSecret } from '../managing/rotate-webhook-secret';
import { ShowDeliveries } from '../managing/show-deliveries';
import { ShowWebhooks } from '../managing/show-webhooks';
import { TestWebhook } from '../managing/test-webhook';

describe('webhooks', () => {
  const hooks = OneTenant.forEachTest();

  it('leave no hole in the wall between tenants', async () => {
    expect(await auditSchema(hooks.database.adminUrl, 'hooks')).toEqual([]);
  });

  it('keep no secret that could be read in the tables', async () => {
    const { secret } = await hooks.register();
    const [row] = await asAdmin<{ all: string }>(
      hooks.database.adminUrl,
      'select string_agg(w::text, $1) as all from hooks.webhook w',
      [' '],
    );
    expect(row?.all).not.toContain(secret.slice('whsec_'.length));
  });

  it('are disabled by 410, told why, and told nothing until somebody makes them active', async () => {
    hooks.receiver.answer((response) => void response.writeHead(410).end());
    const { webhook } = await hooks.register();
    await hooks.enqueue('event.click', 'a');
    await eventually(async () =>
      expect(
        await hooks.asTenant(() => hooks.api.get(ShowWebhooks).one(hooks.tenantId, webhook.id)),
      ).toMatchObject({
        status: 'disabled',
        disabledReason: 'gone',
      }),
    );
    expect(await hooks.deliveries(webhook.id)).toMatchObject([{ status: 'failed', reason: 'gone' }]);
    await hooks.enqueue('event.click', 'b', { webhookId: webhook.id });
    expect(await hooks.deliveries(webhook.id)).toHaveLength(1);
    await expect(
      hooks.asTenant(() =>
        hooks.api.get(TestWebhook).execute({ tenantId: hooks.tenantId, webhookId: webhook.id }),
      ),
    ).rejects.toMatchObject({ code: 'webhook_not_active' });
    hooks.receiver.answer((response) => void response.writeHead(204).end());
    const change = { tenantId: hooks.tenantId, by: BY, webhookId: webhook.id, status: 'active' as const };
    expect(await hooks.asTenant(() => hooks.api.get(ChangeWebhook).execute(change))).toMatchObject({
      status: 'active',
      disabledReason: undefined,
      failures: 0,
    });
    const id = await hooks.asTenant(() =>
      hooks.api.get(TestWebhook).execute({ tenantId: hooks.tenantId, webhookId: webhook.id }),
    );
    await eventually(() => expect(hooks.receiver.ids()).toContain(id));
  });

  it('that are disabled are told of once, to the people and to the audit log, by their host alone', async () => {
    hooks.receiver.answer((response) => void response.writeHead(410).end());
    const { webhook } = await hooks.register(['event.*'], `${hooks.receiver.url}?token=hidden`);
    await hooks.worker.transaction.runFor([hooks.tenantId], () =>
      hooks.worker.get(EnqueueDeliveries).add(
        Array.from({ length: 8 }, (_, at) => ({
          tenantId: hooks.tenantId,
          webhookId: webhook.id,
          type: 'event.click',
          subject: { key: `${at}` },
          subjectKey: `${at}`,
        })),
      ),
    );
    const facts = await eventually(async () => {
      const told = await asAdmin<{ topic: string; payload: object }>(
        hooks.database.adminUrl,
        `select topic, messages -> 0 -> 'payload' as payload from hooks.outbox
         where tenant_id = $1 and (messages -> 0 -> 'payload' ->> 'action') is distinct from 'hooks.webhook_registered' order by topic`,
        [hooks.tenantId],
      );
      expect(told).toHaveLength(2);
      return told;
    });
    const disabledAt = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(facts).toEqual([
      {
        topic: 'audit.recorded.v1',
        payload: {
          entryId: expect.any(String),
          action: 'hooks.webhook_disabled',
          actorId: '',
          actorKind: 'system',
          target: webhook.id,
          details: { host: '127.0.0.1', reason: 'gone' },
          occurredAt: disabledAt,
        },
      },
      {
        topic: 'hooks.webhook-disabled.v1',
        payload: { webhookId: webhook.id, host: '127.0.0.1', reason: 'gone', disabledAt },
      },
    ]);
  });

  it('of a suspended tenant wait, are not called late, and go out once it is active again', async () => {
    const { webhook } = await hooks.register();
    const standing = (status: string) =>
      asAdmin(
        hooks.database.adminUrl,
        `insert into hooks.tenant_directory values ($1, $2) on conflict (tenant_id) do update set status = $2`,
        [hooks.tenantId, status],
      );
    await standing('suspended');
    await hooks.enqueue('event.click', 'a');
    // looked at many times by then
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(hooks.receiver.received).toEqual([]);
    expect(await hooks.worker.get(SendingStore).backlog()).toEqual({ waiting: 0, oldest: undefined });
    expect(await hooks.deliveries(webhook.id)).toMatchObject([{ status: 'waiting', attempts: 0 }]);
    await standing('active');
    await eventually(async () =>
      expect(await hooks.deliveries(webhook.id)).toMatchObject([{ status: 'delivered', attempts: 1 }]),
    );
  });

  it('are disabled after three days of failures, not sooner', async () => {
    hooks.receiver.answer((response) => void response.writeHead(500).end());
    const { webhook } = await hooks.register();
    const failedAt = async (key: string, since: string) => {
      await asAdmin(
        hooks.database.adminUrl,
        `update hooks.webhook set failing_since = now() - $2::interval, failures = 1 where id = $1`,
        [webhook.id, since],
      );
      const before = hooks.receiver.received.length;
      await hooks.enqueue('event.click', key);
      await eventually(() => expect(hooks.receiver.received.length).toBeGreaterThan(before));
      return eventually(async () => {
        const [row] = await asAdmin<{ status: string; failures: number }>(
          hooks.database.adminUrl,
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

  it('that are paused or removed are sent nothing', async () => {
    const { webhook } = await hooks.register();
    const change = { tenantId: hooks.tenantId, by: BY, webhookId: webhook.id, status: 'paused' as const };
    await hooks.asTenant(() => hooks.api.get(ChangeWebhook).execute(change));
    const subscriptions = hooks.worker.get<SnapshotWebhookSubscriptions>(WebhookSubscriptions);
    await subscriptions.refresh();
    expect(subscriptions.of(hooks.tenantId)).toEqual([]);
    await hooks.enqueue('event.click', 'a', { webhookId: webhook.id });
    expect(await hooks.deliveries(webhook.id)).toEqual([]);
    await hooks.asTenant(() =>
      hooks.api.get(RemoveWebhook).execute({ tenantId: hooks.tenantId, by: BY, webhookId: webhook.id }),
    );
    await expect(
      hooks.asTenant(() => hooks.api.get(ShowWebhooks).one(hooks.tenantId, webhook.id)),
    ).rejects.toMatchObject({ code: 'webhook_not_found' });
    await expect(hooks.deliveries(webhook.id)).rejects.toMatchObject({ code: 'webhook_not_found' });
    const [row] = await asAdmin<{ url: string; secret: string }>(
      hooks.database.adminUrl,
      'select url, secret from hooks.webhook where id = $1',
      [webhook.id],
    );
    expect(row).toEqual({ url: '', secret: '' });
  });

  it('show in the snapshot of subscriptions while they are active', async () => {
    const appId = newId();
    const { webhook } = await hooks.register(['event.click', 'alert.fired'], hooks.receiver.url, appId);
    const subscriptions = hooks.worker.get<SnapshotWebhookSubscriptions>(WebhookSubscriptions);
    await subscriptions.refresh();
    expect(subscriptions.of(hooks.tenantId)).toEqual([
      { webhookId: webhook.id, events: ['event.click', 'alert.fired'], appId },
    ]);
    expect(subscriptions.of(newId<TenantId>())).toEqual([]);
  });

  it('are 20 at most, however many are registered at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => hooks.register()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'too_many_webhooks' });
    const list = await hooks.asTenant(() => hooks.api.get(ShowWebhooks).list(hooks.tenantId, { limit: 50 }));
    expect(list).toHaveLength(20);
  });

  it('of another tenant are not there, for anybody', async () => {
    const { webhook } = await hooks.register();
    await hooks.enqueue('event.click', 'a');
    await eventually(async () => expect(await hooks.deliveries(webhook.id)).toHaveLength(1));
    const [delivery] = await hooks.deliveries(webhook.id);
    const stranger = newId<TenantId>();
    const tries: (() => Promise<unknown>)[] = [
      () => hooks.api.get(ShowWebhooks).one(stranger, webhook.id),
      () =>
        hooks.api
          .get(ChangeWebhook)
          .execute({ tenantId: stranger, by: BY, webhookId: webhook.id, status: 'paused' }),
      () => hooks.api.get(RemoveWebhook).execute({ tenantId: stranger, by: BY, webhookId: webhook.id }),
      () => hooks.api.get(RotateWebhookSecret).execute({ tenantId: stranger, by: BY, webhookId: webhook.id }),
      () => hooks.api.get(TestWebhook).execute({ tenantId: stranger, webhookId: webhook.id }),
      () => hooks.api.get(ShowDeliveries).list(stranger, { webhookId: webhook.id }, 10),
      () => hooks.api.get(ShowDeliveries).one(stranger, webhook.id, delivery?.id ?? ''),
      () =>
        hooks.api
          .get(ReplayDeliveries)
          .one({ tenantId: stranger, by: BY, webhookId: webhook.id, deliveryId: delivery?.id ?? '' }),
    ];
    for (const attempt of tries) {
      await expect(hooks.api.as(stranger, attempt)).rejects.toMatchObject({ code: 'webhook_not_found' });
    }
    // the second wall alone: the query names the owner, the transaction is the stranger's
    await expect(
      hooks.api.as(stranger, () => hooks.api.get(ShowWebhooks).one(hooks.tenantId, webhook.id)),
    ).rejects.toMatchObject({ code: 'webhook_not_found' });
    await expect(
      hooks.worker.transaction.runFor([stranger], () =>
        hooks.worker.get(EnqueueDeliveries).add([
          {
            tenantId: hooks.tenantId,
            webhookId: webhook.id,
            type: 'event.click',
            subject: {},
            subjectKey: 'x',
          },
        ]),
      ),
    ).resolves.toBeUndefined();
    expect(await hooks.deliveries(webhook.id)).toHaveLength(1);
  });
});
