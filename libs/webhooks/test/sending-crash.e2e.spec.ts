import { newId, TenantId, WEBHOOK_FAILPOINTS } from '@libs/kernel';
import { AppProcess, asAdmin, eventually, TestDatabase } from '@libs/testing';
import { EnqueueDeliveries } from '@libs/kernel';
import { RegisterWebhook } from '../src/managing/register-webhook';
import { hooksDatabase } from './hooks-database';
import { openApi, openWorker } from './hooks';
import { Receiver } from './receiver';

/** More than four lanes hold at once. */
const DELIVERIES = 44;

describe('a sender that is killed', () => {
  let database: TestDatabase;
  let receiver: Receiver;

  beforeAll(async () => {
    database = await hooksDatabase();
    receiver = await Receiver.start();
  });
  afterAll(async () => {
    await receiver.close();
    await database.drop();
  });

  it.each(WEBHOOK_FAILPOINTS)(
    'at %s loses nothing, and repeats nothing under another id',
    async (point) => {
      const api = await openApi(database);
      const idle = await openWorker(database);
      const tenantId = newId<TenantId>();
      const input = { tenantId, by: newId(), url: receiver.url, events: ['event.*'] };
      const { webhook } = await api.as(tenantId, () => api.get(RegisterWebhook).execute(input));
      await idle.transaction.runFor([tenantId], () =>
        idle.get(EnqueueDeliveries).add(
          Array.from({ length: DELIVERIES }, (_, at) => ({
            tenantId,
            webhookId: webhook.id,
            type: 'event.click',
            subject: { key: `${at}` },
            subjectKey: `${at}`,
          })),
        ),
      );
      const env = { DATABASE_URL: database.urlFor('hooks_worker') };
      const entry = 'libs/webhooks/test/sending-process.js';
      const victim = AppProcess.launch({ entry, env: { ...env, MONEYFLOW_FAILPOINT: `${point}:2` } });
      await victim.ended();
      expect({ signal: victim.signal, tail: victim.signal ? '' : victim.tail }).toEqual({
        signal: 'SIGKILL',
        tail: '',
      });
      const held = await asAdmin(
        database.adminUrl,
        `update hooks.webhook_delivery set lease_until = now() - interval '1 second', next_try_at = now()
       where tenant_id = $1 and status = 'waiting' and lease_until is not null returning 1`,
        [tenantId],
      );
      expect(held.length).toBeGreaterThan(0);
      const heir = AppProcess.launch({ entry, env });
      try {
        await eventually(
          async () => {
            const [row] = await asAdmin<{ delivered: number }>(
              database.adminUrl,
              `select count(*)::integer as delivered from hooks.webhook_delivery where tenant_id = $1 and status = 'delivered'`,
              [tenantId],
            );
            expect(row?.delivered).toBe(DELIVERIES);
          },
          { within: 30_000 },
        );
      } finally {
        await heir.stop();
      }
      const mine = receiver.received.filter(({ body }) => body.includes(tenantId));
      const ids = new Set(mine.map(({ headers }) => headers['webhook-id']));
      expect(ids.size).toBe(DELIVERIES);
      // at most what was under way when it died went out twice
      expect(mine.length).toBeLessThanOrEqual(DELIVERIES + 4);
      await Promise.all([api.close(), idle.close()]);
    },
    60_000,
  );
});
