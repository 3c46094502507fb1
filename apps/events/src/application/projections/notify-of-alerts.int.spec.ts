import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openSink, OpenSink } from '../../../test/projections';
import { ToldIncident } from '../../domain/alert-notification';
import { eventsSchema } from '../../events.schema';
import { NotifyOfAlerts } from './notify-of-alerts';

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

function told(
  tenantId: TenantId,
  changes: Partial<ToldIncident> = {},
): ToldIncident & { tenantId: TenantId } {
  return {
    tenantId,
    incidentId: newId(),
    state: 'fired',
    alertName: 'Acessos “demais”, \\ e mais',
    eventType: null,
    metric: 'events',
    kind: 'threshold',
    direction: 'above',
    value: 200,
    expected: 100,
    timeZone: 'America/Sao_Paulo',
    windowFrom: new Date('2026-03-11T14:00:00.000Z'),
    windowTo: new Date('2026-03-11T15:00:00.000Z'),
    happenedAt: new Date('2026-03-11T15:01:00.000Z'),
    ...changes,
  };
}

describe('notifications of alerts', () => {
  it('are for everybody of the tenant, one for each thing that happened to an incident, however often it is told', async () => {
    const [one, other] = [newId<TenantId>(), newId<TenantId>()];
    const incidents = [...Array.from({ length: 20 }, () => told(one)), told(other)];
    const both = incidents.flatMap((incident) => [
      incident,
      {
        ...incident,
        state: 'resolved' as const,
        resolution: 'calm',
        happenedAt: new Date('2026-03-11T16:01:00.000Z'),
      },
    ]);
    await Promise.all(
      sinks.flatMap((sink) => [
        sink.get(NotifyOfAlerts).execute([...both, ...both]),
        sink.get(NotifyOfAlerts).execute([...both].reverse()),
      ]),
    );
    const { rows } = await admin.query<{ tenant_id: string; state: string; kept: number; people: number }>(
      `select tenant_id, incident_state as state, count(*)::int as kept, count(user_id)::int as people
       from events.notifications group by 1, 2 order by 3, 2`,
    );
    expect(rows).toEqual([
      { tenant_id: other, state: 'fired', kept: 1, people: 0 },
      { tenant_id: other, state: 'resolved', kept: 1, people: 0 },
      { tenant_id: one, state: 'fired', kept: 20, people: 0 },
      { tenant_id: one, state: 'resolved', kept: 20, people: 0 },
    ]);
    const [first] = (await admin.query('select title, priority, type from events.notifications limit 1'))
      .rows as object[];
    expect(first).toEqual({ title: 'Alerta: Acessos “demais”, \\ e mais', priority: 'high', type: 'alert' });
  });

  it('are of an incident, or of an event of a person: nothing in between can be written', async () => {
    const insert = (columns: string, values: string) =>
      admin.query(
        `insert into events.notifications (tenant_id, id, title, message, priority, occurred_at, ${columns})
         values (gen_random_uuid(), gen_random_uuid(), 't', 'm', 'high', now(), ${values})`,
      );
    await expect(insert('type', `'alert'`)).rejects.toThrow('made_of_one');
    await expect(insert('type, user_id', `'cashback', 'x'`)).rejects.toThrow('made_of_one');
    await expect(
      insert('type, incident_id, incident_state, user_id', `'alert', gen_random_uuid(), 'fired', 'x'`),
    ).rejects.toThrow('made_of_one');
  });
});
