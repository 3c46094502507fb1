import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openSink, OpenSink } from '../../../test/projections';
import { ToldDisabling } from '../../domain/webhook-notification';
import { eventsSchema } from '../../events.schema';
import { NotifyOfDisabledWebhooks } from './notify-of-disabled-webhooks';

let database: TestDatabase;
let admin: Client;
let sinks: OpenSink[];

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  sinks = [await openSink(database), await openSink(database)];
});
afterAll(async () => {
  for (const sink of sinks ?? []) await sink.close();
  await admin?.end();
  await database?.drop();
});

describe('notifications of webhooks that were given up', () => {
  it('are for everybody of the tenant, one for each time, however often it is told', async () => {
    const [one, other] = [newId<TenantId>(), newId<TenantId>()];
    const told = (
      tenantId: TenantId,
      webhookId: string,
      at: string,
    ): ToldDisabling & { tenantId: TenantId } => ({
      tenantId,
      webhookId,
      host: 'loja “1”, \\.example',
      reason: 'gone',
      disabledAt: new Date(at),
    });
    const webhookId = newId();
    const all = [
      told(one, webhookId, '2026-03-11T14:00:00.000Z'),
      told(one, webhookId, '2026-03-18T14:00:00.000Z'),
      told(other, newId(), '2026-03-11T14:00:00.000Z'),
    ];
    await Promise.all(
      sinks.flatMap((sink) => [
        sink.get(NotifyOfDisabledWebhooks).execute([...all, ...all]),
        sink.get(NotifyOfDisabledWebhooks).execute([...all].reverse()),
      ]),
    );
    const { rows } = await admin.query(
      `select tenant_id, title, type, priority, user_id, count(*)::int as kept from events.notifications
       group by 1, 2, 3, 4, 5 order by kept`,
    );
    const same = {
      title: 'Webhook desativado: loja “1”, \\.example',
      type: 'webhook_disabled',
      priority: 'high',
    };
    expect(rows).toEqual([
      { ...same, tenant_id: other, user_id: null, kept: 1 },
      { ...same, tenant_id: one, user_id: null, kept: 2 },
    ]);
  });

  it('are of a webhook and nothing else', async () => {
    const insert = (columns: string, values: string) =>
      admin.query(
        `insert into events.notifications (tenant_id, id, title, message, priority, occurred_at, ${columns})
         values (gen_random_uuid(), gen_random_uuid(), 't', 'm', 'high', now(), ${values})`,
      );
    await expect(insert('type', `'webhook_disabled'`)).rejects.toThrow('made_of_one');
    await expect(
      insert('type, webhook_id, user_id', `'webhook_disabled', gen_random_uuid(), 'x'`),
    ).rejects.toThrow('made_of_one');
    await expect(
      insert(
        'type, incident_id, incident_state, webhook_id',
        `'alert', gen_random_uuid(), 'fired', gen_random_uuid()`,
      ),
    ).rejects.toThrow('made_of_one');
  });
});
