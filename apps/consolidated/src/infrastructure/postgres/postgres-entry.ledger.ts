import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Entry } from '../../domain/entry';
import { EntryLedger, RollupDifference } from '../../domain/entry.ledger';

/**
 * The entry's key is the inbox: only rows that were not there before reach the rollup. Entries and days are written in
 * key order, so that two consumers that meet wait for each other and never in a circle.
 */
const RECORD = `
with incoming as (
  select distinct on (tenant_id, release_id) tenant_id, release_id, occurred_at, business_date, amount
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::date[], $5::bigint[])
    as row (tenant_id, release_id, occurred_at, business_date, amount)
  order by tenant_id, release_id
), added as (
  insert into consolidated.entry (tenant_id, release_id, occurred_at, business_date, amount)
  select tenant_id, release_id, occurred_at, business_date, amount from incoming
  on conflict (tenant_id, release_id) do nothing
  returning tenant_id, business_date, amount
)
insert into consolidated.daily as day (tenant_id, business_date, credits, debits, count)
select tenant_id, business_date, sum(greatest(amount, 0)), sum(greatest(-amount, 0)), count(*)
from added group by tenant_id, business_date order by tenant_id, business_date
on conflict (tenant_id, business_date) do update set
  credits = day.credits + excluded.credits,
  debits = day.debits + excluded.debits,
  count = day.count + excluded.count`;

// A day of zeros is the same as no day: a correction leaves one behind, because no role may delete.
const DIFFERENCES = `
select coalesce(e.business_date, d.business_date)::text as date,
  coalesce(e.credits, 0)::text as entry_credits, coalesce(e.debits, 0)::text as entry_debits,
  coalesce(e.count, 0)::text as entry_count,
  coalesce(d.credits, 0)::text as daily_credits, coalesce(d.debits, 0)::text as daily_debits,
  coalesce(d.count, 0)::text as daily_count
from (
  select business_date, sum(greatest(amount, 0)) as credits, sum(greatest(-amount, 0)) as debits, count(*) as count
  from consolidated.entry where tenant_id = $1 group by business_date
) e
full join (select * from consolidated.daily where tenant_id = $1) d on d.business_date = e.business_date
where (coalesce(e.credits, 0), coalesce(e.debits, 0), coalesce(e.count, 0))
  is distinct from (coalesce(d.credits, 0), coalesce(d.debits, 0), coalesce(d.count, 0))
order by 1`;

const CORRECT = `
insert into consolidated.daily (tenant_id, business_date, credits, debits, count)
select $1::uuid, date, credits, debits, count
from unnest($2::date[], $3::numeric[], $4::numeric[], $5::bigint[]) as row (date, credits, debits, count)
order by date
on conflict (tenant_id, business_date) do update set
  credits = excluded.credits, debits = excluded.debits, count = excluded.count`;

interface DifferenceRow {
  date: string;
  entry_credits: string;
  entry_debits: string;
  entry_count: string;
  daily_credits: string;
  daily_debits: string;
  daily_count: string;
}

@Injectable()
export class PostgresEntryLedger extends EntryLedger {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async record(entries: readonly Entry[]): Promise<void> {
    await this.sql.query(RECORD, [
      entries.map((entry) => entry.tenantId),
      entries.map((entry) => entry.releaseId),
      entries.map((entry) => entry.occurredAt.toISOString()),
      entries.map((entry) => entry.businessDate.toString()),
      entries.map((entry) => entry.amount.cents.toString()),
    ]);
  }

  async lock(): Promise<void> {
    // Conflicts with the ROW EXCLUSIVE lock that every writer of the rollup takes before it touches a row.
    await this.sql.query('lock table consolidated.daily in share row exclusive mode');
  }

  async differences(tenantId: TenantId): Promise<RollupDifference[]> {
    const rows = await this.sql.query<DifferenceRow>(DIFFERENCES, [tenantId]);
    return rows.map((row) => ({
      date: row.date,
      entries: { credits: row.entry_credits, debits: row.entry_debits, count: Number(row.entry_count) },
      rollup: { credits: row.daily_credits, debits: row.daily_debits, count: Number(row.daily_count) },
    }));
  }

  async correct(tenantId: TenantId, differences: readonly RollupDifference[]): Promise<void> {
    if (differences.length === 0) return;
    await this.sql.query(CORRECT, [
      tenantId,
      differences.map(({ date }) => date),
      differences.map(({ entries }) => entries.credits),
      differences.map(({ entries }) => entries.debits),
      differences.map(({ entries }) => entries.count),
    ]);
  }
}
