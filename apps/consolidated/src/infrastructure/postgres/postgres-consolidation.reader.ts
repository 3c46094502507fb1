import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { BusinessDate, ReleaseId, TenantId } from '@libs/kernel';
import { ConsolidationReader } from '../../application/consolidation.reader';
import { Balance } from '../../domain/balance';
import { ConsolidatedDay, DayMovement } from '../../domain/consolidated-day';

// Opening and day in one statement, or a posting in between would show in one and not in the other.
const DAY = `
select coalesce(sum(credits - debits) filter (where business_date < $2), 0)::text as opening,
  coalesce(sum(credits) filter (where business_date = $2), 0)::text as credits,
  coalesce(sum(debits) filter (where business_date = $2), 0)::text as debits,
  coalesce(sum(count) filter (where business_date = $2), 0)::text as count
from consolidated.daily where tenant_id = $1 and business_date <= $2`;

const MOVEMENTS = `
select null as date, coalesce(sum(credits), 0)::text as credits, coalesce(sum(debits), 0)::text as debits, '0' as count
from consolidated.daily where tenant_id = $1 and business_date < $2
union all
select business_date::text, credits::text, debits::text, count::text
from consolidated.daily where tenant_id = $1 and business_date between $2 and $3`;

// A business date lies within a day of its instant's UTC date, whatever time zones the tenant has had: two days back
// every entry of a day had occurred, two days ahead none has. Between, the instants themselves decide.
const BALANCE_AT = `
select (
  coalesce((select sum(credits - debits) from consolidated.daily
    where tenant_id = $1 and business_date <= ($2::timestamptz at time zone 'UTC')::date - 2), 0) +
  coalesce((select sum(amount) from consolidated.entry
    where tenant_id = $1 and occurred_at <= $2::timestamptz
      and business_date between ($2::timestamptz at time zone 'UTC')::date - 1
                            and ($2::timestamptz at time zone 'UTC')::date + 1), 0)
)::text as balance`;

interface MovementRow {
  date: string | null;
  credits: string;
  debits: string;
  count: string;
}

@Injectable()
export class PostgresConsolidationReader extends ConsolidationReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async day(tenantId: TenantId, date: BusinessDate): Promise<ConsolidatedDay> {
    const [row] = await this.sql.query<MovementRow & { opening: string }>(DAY, [tenantId, date.toString()]);
    if (!row) throw new Error('an aggregate always has a row');
    return new ConsolidatedDay(date, Balance.fromCents(row.opening), movementOf(row));
  }

  async movements(
    tenantId: TenantId,
    from: BusinessDate,
    to: BusinessDate,
  ): Promise<{ openingBalance: Balance; movements: Map<string, DayMovement> }> {
    const rows = await this.sql.query<MovementRow>(MOVEMENTS, [tenantId, from.toString(), to.toString()]);
    const movements = new Map<string, DayMovement>();
    let openingBalance = Balance.ZERO;
    for (const row of rows) {
      const movement = movementOf(row);
      if (row.date === null) openingBalance = movement.credits.minus(movement.debits);
      else movements.set(row.date, movement);
    }
    return { openingBalance, movements };
  }

  async balanceAt(tenantId: TenantId, instant: Date): Promise<Balance> {
    const [row] = await this.sql.query<{ balance: string }>(BALANCE_AT, [tenantId, instant.toISOString()]);
    return Balance.fromCents(row?.balance ?? '0');
  }

  async hasEntry(tenantId: TenantId, releaseId: ReleaseId): Promise<boolean> {
    const rows = await this.sql.query(
      'select 1 from consolidated.entry where tenant_id = $1 and release_id = $2',
      [tenantId, releaseId],
    );
    return rows.length > 0;
  }
}

function movementOf(row: MovementRow): DayMovement {
  return {
    credits: Balance.fromCents(row.credits),
    debits: Balance.fromCents(row.debits),
    count: Number(row.count),
  };
}
