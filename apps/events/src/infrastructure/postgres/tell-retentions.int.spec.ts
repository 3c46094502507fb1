import { Client } from 'pg';
import { parseEnvelope, topics } from '@libs/contracts';
import { defineSchema, migrate } from '@libs/database';
import { isUuid, newId } from '@libs/kernel';
import { TEST_ROLE_SECRET, TestDatabase, testDatabase } from '@libs/testing';
import { eventsSchema } from '../../events.schema';

const TENANT = newId();

let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  database = await testDatabase([
    defineSchema({ ...eventsSchema, migrations: eventsSchema.migrations.slice(0, 5) }),
  ]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `insert into events.retention (tenant_id, months, critical_months, kept_from, critical_kept_from, changed_at)
     values ($1, 3, 24, '2026-08-01', '1970-01-01', '2026-11-22T12:00:00.5Z')`,
    [TENANT],
  );
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

it('a retention that was set before anybody listened is told by the migration, once', async () => {
  await migrate(database.adminUrl, [eventsSchema], TEST_ROLE_SECRET);
  await migrate(database.adminUrl, [eventsSchema], TEST_ROLE_SECRET);
  const { rows } = await admin.query<{ topic: string; messages: string; count: number }>(
    'select topic, messages::text, message_count as count from events.outbox',
  );
  expect(rows.map(({ topic, count }) => [topic, count])).toEqual([[topics.retentionChanged, 1]]);
  const envelope = parseEnvelope(rows[0]!.messages.slice(1, -1));
  expect(envelope).toMatchObject({
    type: topics.retentionChanged,
    version: 1,
    tenantId: TENANT,
    payload: { months: 3, keptFrom: '2026-08-01T00:00:00.000Z', changedAt: '2026-11-22T12:00:00.500Z' },
  });
  expect([envelope.id, envelope.requestId].every(isUuid)).toBe(true);
});
