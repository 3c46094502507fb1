import { newId } from '@libs/kernel';
import { asAdmin, eventually } from '@libs/testing';
import { Webhook as Verifier } from 'standardwebhooks';
import { BY, OneTenant } from '../../test/one-tenant';
import { Received } from '../../test/receiver';
import { ReplayDeliveries } from '../managing/replay-deliveries';
import { RotateWebhookSecret } from '../managing/rotate-webhook-secret';
import { ShowDeliveries } from '../managing/show-deliveries';
import { ShowWebhooks } from '../managing/show-webhooks';

describe('webhooks', () => {
  const hooks = OneTenant.forEachTest();

  const verified = (secret: string, { body, headers }: Received): unknown =>
    new Verifier(secret).verify(body, headers as Record<string, string>);

  it('are told once, in the form of Standard Webhooks, with a signature that its library takes', async () => {
    const { webhook, secret } = await hooks.register();
    await hooks.enqueue('event.page_view', 'a');
    await hooks.enqueue('event.page_view', 'a');
    await eventually(() => expect(hooks.receiver.received).toHaveLength(1));
    const [sent] = hooks.receiver.received;
    const [delivery] = await hooks.deliveries(webhook.id);
    expect(verified(secret, sent as Received)).toEqual({
      id: delivery?.id,
      type: 'event.page_view',
      timestamp: delivery?.createdAt.toISOString(),
      tenantId: hooks.tenantId,
      data: { key: 'a', note: 'olá' },
    });
    expect(sent).toMatchObject({
      method: 'POST',
      path: '/hook',
      headers: { 'content-type': 'application/json', 'webhook-id': delivery?.id },
    });
    expect(sent?.headers['user-agent']).toMatch(/^MoneyFlow-Webhooks\/\d/);
    await eventually(async () =>
      expect(await hooks.deliveries(webhook.id)).toMatchObject([{ status: 'delivered', attempts: 1 }]),
    );
    expect(hooks.receiver.received).toHaveLength(1);
  });

  it('are told only what they asked for, of the application they asked for', async () => {
    const [appId, other] = [newId(), newId()];
    const all = await hooks.register(['event.*']);
    const alerts = await hooks.register(['alert.fired']);
    const ofApp = await hooks.register(['event.click'], hooks.receiver.url, appId);
    await hooks.enqueue('event.click', 'a', { appId });
    await hooks.enqueue('event.click', 'b', { appId: other });
    await hooks.enqueue('alert.fired', 'c');
    await eventually(() => expect(hooks.receiver.received).toHaveLength(4));
    expect(await hooks.deliveries(all.webhook.id)).toHaveLength(2);
    expect(await hooks.deliveries(alerts.webhook.id)).toMatchObject([{ type: 'alert.fired' }]);
    expect(await hooks.deliveries(ofApp.webhook.id)).toHaveLength(1);
  });

  it('bear both signatures while a secret is being rotated, and one where it is not to last', async () => {
    const { webhook, secret } = await hooks.register();
    const rotate = (overlapHours?: number) =>
      hooks.asTenant(() =>
        hooks.api
          .get(RotateWebhookSecret)
          .execute({ tenantId: hooks.tenantId, by: BY, webhookId: webhook.id, overlapHours }),
      );
    const second = await rotate();
    await hooks.enqueue('event.click', 'a');
    await eventually(() => expect(hooks.receiver.received).toHaveLength(1));
    for (const known of [secret, second.secret]) verified(known, hooks.receiver.received[0] as Received);
    const third = await rotate(0);
    await hooks.enqueue('event.click', 'b');
    await eventually(() => expect(hooks.receiver.received).toHaveLength(2));
    const last = hooks.receiver.received[1] as Received;
    verified(third.secret, last);
    expect(() => verified(second.secret, last)).toThrow();
    expect(last.headers['webhook-signature']).not.toContain(' ');
  });

  it('are not told what was erased before it was sent', async () => {
    const { webhook } = await hooks.register();
    hooks.bodies.erased.add('gone');
    await hooks.enqueue('event.click', 'gone');
    await eventually(async () =>
      expect(await hooks.deliveries(webhook.id)).toMatchObject([
        { status: 'cancelled', reason: 'nothing_to_tell' },
      ]),
    );
    expect(hooks.receiver.received).toEqual([]);
  });

  it('try again after a failure, with the answer in the log, without what looks like personal data', async () => {
    hooks.receiver.answer((response) => void response.writeHead(500).end('no: maria@example.com \0'));
    const { webhook } = await hooks.register();
    await hooks.enqueue('event.click', 'a');
    const { delivery, attempts } = await eventually(async () => {
      const [found] = await hooks.deliveries(webhook.id);
      const shown = await hooks.asTenant(() =>
        hooks.api.get(ShowDeliveries).one(hooks.tenantId, webhook.id, found?.id ?? ''),
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

    hooks.receiver.answer((response) => void response.writeHead(200).end('ok'));
    await hooks.asTenant(() =>
      hooks.api
        .get(ReplayDeliveries)
        .one({ tenantId: hooks.tenantId, by: BY, webhookId: webhook.id, deliveryId: delivery.id }),
    );
    await eventually(async () =>
      expect(await hooks.deliveries(webhook.id)).toMatchObject([{ status: 'delivered', attempts: 2 }]),
    );
    expect(new Set(hooks.receiver.ids())).toEqual(new Set([delivery.id]));
    expect(
      await hooks.asTenant(() => hooks.api.get(ShowWebhooks).one(hooks.tenantId, webhook.id)),
    ).toMatchObject({
      failures: 0,
    });
  });

  it('give a delivery up after the last retry, and send all that failed again when asked', async () => {
    hooks.receiver.answer((response) => void response.writeHead(400).end());
    const { webhook } = await hooks.register();
    await hooks.enqueue('event.click', 'a');
    await eventually(() => expect(hooks.receiver.received).toHaveLength(1));
    await eventually(async () => expect(await hooks.deliveries(webhook.id)).toMatchObject([{ attempts: 1 }]));
    await eventually(async () => {
      const done = await asAdmin(
        hooks.database.adminUrl,
        `update hooks.webhook_delivery set step = 10, next_try_at = now()
         where tenant_id = $1 and lease_until is null and status = 'waiting' returning 1`,
        [hooks.tenantId],
      );
      expect(done).toHaveLength(1);
    });
    await eventually(async () =>
      expect(await hooks.deliveries(webhook.id)).toMatchObject([
        { status: 'failed', reason: 'retries_exhausted', attempts: 2 },
      ]),
    );
    hooks.receiver.answer((response) => void response.writeHead(200).end());
    const replay = (since: Date) =>
      hooks.asTenant(() =>
        hooks.api
          .get(ReplayDeliveries)
          .failedSince({ tenantId: hooks.tenantId, by: BY, webhookId: webhook.id, since }),
      );
    expect(await replay(new Date(Date.now() + 60_000))).toEqual({ replayed: 0, more: false });
    expect(await replay(new Date(Date.now() - 60_000))).toEqual({ replayed: 1, more: false });
    await eventually(async () =>
      expect(await hooks.deliveries(webhook.id)).toMatchObject([{ status: 'delivered' }]),
    );
  });

  it('honour Retry-After of a busy receiver, and leave it alone until then', async () => {
    hooks.receiver.answer((response) => void response.writeHead(429, { 'retry-after': '1800' }).end());
    const { webhook } = await hooks.register();
    await hooks.enqueue('event.click', 'a');
    await eventually(async () => {
      const [delivery] = await hooks.deliveries(webhook.id);
      expect((delivery?.nextTryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_700_000);
    });
    await hooks.enqueue('event.click', 'b');
    // the delivery after it has been looked at many times by now
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(hooks.receiver.received).toHaveLength(1);
  });

  it('are told when our own part works again, without a try of theirs lost', async () => {
    hooks.bodies.failing = true;
    const { webhook } = await hooks.register();
    await hooks.enqueue('event.click', 'a');
    await eventually(async () => {
      const [row] = await asAdmin<{ step: number; lease_until: Date | null; later: boolean }>(
        hooks.database.adminUrl,
        'select step, lease_until, next_try_at > now() as later from hooks.webhook_delivery where tenant_id = $1',
        [hooks.tenantId],
      );
      expect(row).toEqual({ step: 0, lease_until: null, later: true });
    });
    hooks.bodies.failing = false;
    await asAdmin(
      hooks.database.adminUrl,
      'update hooks.webhook_delivery set next_try_at = now() where tenant_id = $1',
      [hooks.tenantId],
    );
    await eventually(async () =>
      expect(await hooks.deliveries(webhook.id)).toMatchObject([{ status: 'delivered' }]),
    );
  });
});
