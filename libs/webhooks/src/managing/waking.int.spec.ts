import { asAdmin, eventually } from '@libs/testing';
import { openWorker } from '../../test/hooks';
import { BY, OneTenant } from '../../test/one-tenant';
import { ChangeWebhook } from './change-webhook';
import { ReplayDeliveries } from './replay-deliveries';
import { TestWebhook } from './test-webhook';

/** Far longer than anybody here waits: what is sent was sent because the sender was woken. */
const dispatcher = { pollMs: 600_000 };
/** A try that is cut off on a busy machine would be made again in 10 s. */
const limits = { connectMs: 5_000, totalMs: 8_000 };

describe('a sender that would look again in ten minutes', () => {
  const hooks = OneTenant.forEachTest();
  let webhookId: string;

  beforeEach(async () => {
    await hooks.worker.close();
    const { bodies } = hooks;
    hooks.worker = await openWorker(hooks.database, { bodies, dispatcher, limits });
    await hooks.worker.start();
    webhookId = (await hooks.register()).webhook.id;
    hooks.receiver.answer((response) => void response.writeHead(500).end());
    await hooks.enqueue('event.click', 'a');
    await refused();
    hooks.receiver.answer((response) => void response.writeHead(200).end());
    // and looked once more for what else is due
    await new Promise((resolve) => setTimeout(resolve, 200));
  });

  /** The first try is over and written down: it is counted when it begins, and could be told the next answer then. */
  const refused = (): Promise<void> =>
    eventually(async () => {
      const rows = await asAdmin(
        hooks.database.adminUrl,
        'select lease_until, http_status from hooks.webhook_delivery d left join hooks.webhook_attempt a on a.delivery_id = d.id where d.tenant_id = $1',
        [hooks.tenantId],
      );
      expect(rows).toEqual([{ lease_until: null, http_status: 500 }]);
    });
  const received = (times: number): Promise<void> =>
    eventually(() => expect(hooks.receiver.received).toHaveLength(times));
  const input = () => ({ tenantId: hooks.tenantId, by: BY, webhookId });

  it('sends a test at once', async () => {
    await hooks.asTenant(() => hooks.api.get(TestWebhook).execute(input()));
    await received(2);
  });

  it('sends one delivery again at once', async () => {
    const [delivery] = await hooks.deliveries(webhookId);
    const deliveryId = delivery?.id ?? '';
    await hooks.asTenant(() => hooks.api.get(ReplayDeliveries).one({ ...input(), deliveryId }));
    await received(2);
  });

  it('sends all that failed again at once', async () => {
    await set("status = 'failed', finished_at = now()");
    const since = new Date(Date.now() - 60_000);
    await hooks.asTenant(() => hooks.api.get(ReplayDeliveries).failedSince({ ...input(), since }));
    await received(2);
  });

  it('sends what is due of a webhook once that is made active', async () => {
    const change = (status: 'active' | 'paused') =>
      hooks.asTenant(() => hooks.api.get(ChangeWebhook).execute({ ...input(), status }));
    await change('paused');
    await set('next_try_at = now()');
    await change('active');
    await received(2);
  });

  const set = (columns: string) =>
    asAdmin(hooks.database.adminUrl, `update hooks.webhook_delivery set ${columns} where tenant_id = $1`, [
      hooks.tenantId,
    ]);
});
