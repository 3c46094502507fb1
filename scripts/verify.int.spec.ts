import { Client } from 'pg';
import { newId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { consolidatedSchema } from '../apps/consolidated/src/consolidated.schema';
import { releasesSchema } from '../apps/releases/src/releases.schema';
import { verify } from './verify';

const TENANT = '019a2b3c-0000-7000-8000-00000000ac3e';

let database: TestDatabase;
let admin: Client;

beforeEach(async () => {
  database = await testDatabase([releasesSchema, consolidatedSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterEach(async () => {
  await admin?.end();
  await database?.drop();
});

/** A release that both contexts know, and its day. */
async function posted(cents: number): Promise<string> {
  const id = newId();
  await admin.query(
    `insert into releases.release
       (tenant_id, id, user_id, amount, description, occurred_at, business_date, input_hash, request_id)
     values ($1, $2, $2, $3, 'Venda', '2026-03-10T12:00:00.123Z', '2026-03-10', 'h', 'r')`,
    [TENANT, id, cents],
  );
  await admin.query(
    `insert into consolidated.entry values ($1, $2, '2026-03-10T12:00:00.123Z', '2026-03-10', $3)`,
    [TENANT, id, cents],
  );
  await admin.query(
    `insert into consolidated.daily as d values ($1, '2026-03-10', $2, 0, 1)
     on conflict (tenant_id, business_date) do update set credits = d.credits + excluded.credits, count = d.count + 1`,
    [TENANT, cents],
  );
  return id;
}

async function outcome(): Promise<{ agree: boolean; report: string }> {
  const lines: string[] = [];
  const agree = await verify(database.urlFor('operator'), (line) => lines.push(line));
  return { agree, report: lines.join('\n') };
}

describe('verify', () => {
  it('is content when both contexts say the same', async () => {
    await posted(1000);
    await posted(250);
    const { agree, report } = await outcome();
    expect(report).toBe('1 tenants, 2 releases, 2 entries, 1 days\neverything agrees');
    expect(agree).toBe(true);
  });

  it('names a release that was never consolidated', async () => {
    const id = await posted(1000);
    await admin.query('delete from consolidated.entry');
    await admin.query('delete from consolidated.daily');
    const { agree, report } = await outcome();
    expect(agree).toBe(false);
    expect(report).toContain(`tenant ${TENANT}: 1 posted but not consolidated\n  missing ${id}`);
  });

  it('tells that a missing one is still in the outbox', async () => {
    const id = await posted(1000);
    await admin.query('delete from consolidated.entry');
    await admin.query('delete from consolidated.daily');
    await admin.query(
      `insert into releases.outbox (tenant_id, id, topic, messages, message_count) values ($1, $2, 'releases.posted.v1', $3, 1)`,
      [TENANT, newId(), JSON.stringify([{ payload: { releaseId: id } }])],
    );
    const { agree, report } = await outcome();
    expect(agree).toBe(false);
    expect(report).toContain('1 of them still in the outbox');
    expect(report).toContain('in flight: 1 messages in 1 unsent outbox rows');
  });

  it.each([
    ['an entry that nobody posted', 'delete from releases.release', 'consolidated but never posted'],
    ['another amount', 'update consolidated.entry set amount = amount + 1', 'another amount, instant or day'],
    [
      'another millisecond',
      `update consolidated.entry set occurred_at = occurred_at + interval '1 ms'`,
      'another amount',
    ],
    [
      'a day that is not the sum of its entries',
      'update consolidated.daily set credits = credits + 1',
      'day 2026-03-10 has',
    ],
    ['a day that counts twice', 'update consolidated.daily set count = 2', 'its rollup says 2 entries'],
    [
      'a day without entries',
      'update consolidated.daily set business_date = business_date + 1',
      'day 2026-03-11 has 0 entries',
    ],
  ])('notices %s', async (_, damage, message) => {
    await posted(1000);
    await admin.query(damage);
    const { agree, report } = await outcome();
    expect(agree).toBe(false);
    expect(report).toContain(message);
  });

  it('could not write if it wanted to', async () => {
    const operator = new Client({ connectionString: database.urlFor('operator') });
    await operator.connect();
    await expect(operator.query('delete from consolidated.entry')).rejects.toThrow(
      /read-only|permission denied/,
    );
    await operator.end();
  });
});
