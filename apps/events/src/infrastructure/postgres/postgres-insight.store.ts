import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, storableText, textArray } from '@libs/database';
import { BusinessDate, DEFAULT_TIME_ZONE, Money, newId, TenantId } from '@libs/kernel';
import {
  InsightsOfWeeks,
  InsightStore,
  Spending,
  SpendingChange,
} from '../../application/projections/insight-store';
import { HISTORY_WEEKS, WeeklyAmounts } from '../../domain/spending-pattern';
import { personLockSql } from './person-lock';

interface ChangeRow {
  user_id: string;
  category_id: string;
  currency: string;
  category: string;
  since_week: string;
}

interface AmountRow {
  /** Which of the changes, from 1. */
  at: number;
  /** Which of its weeks, from 0. */
  week: number;
  total: string;
}

const SPENDING = '$1::uuid[], $2::text[], $3::text[], $4::text[]';

// A person's transactions are gone through once, whatever changed of them. Months are told by the client's clock: two months to
// either side let all the others be left alone. Their weeks are compared afterwards: a condition on occurred_at would make a
// planner without statistics (a month begins without any) go by tenant and time through everybody's. Totals end where Money does.
const WEEKLY_AMOUNTS = `
with changed as (
  select *, since - ${7 * HISTORY_WEEKS} as first, since + ${7 * (HISTORY_WEEKS + 1)} as beyond
  from unnest(${SPENDING}, $5::date[]) with ordinality as given (tenant_id, user_id, category_id, currency, since, at)
), person as materialized (
  select tenant_id, user_id, min(first) as first, max(beyond) as beyond from changed group by 1, 2
), total as materialized (
  select person.tenant_id, person.user_id, spent.*
  from person cross join lateral (
    select t.category_id, t.currency, date_trunc('week', t.occurred_at at time zone '${DEFAULT_TIME_ZONE}')::date as week,
      sum(t.amount) as amount
    from events.transactions t
    where t.tenant_id = person.tenant_id and t.user_id = person.user_id and t.type = 'expense'
      and t."timestamp" >= (person.first - 62)::timestamp at time zone 'UTC'
      and t."timestamp" < (person.beyond + 62)::timestamp at time zone 'UTC'
    group by 1, 2, 3
  ) as spent
)
select changed.at::int, (total.week - changed.first) / 7 as week, least(total.amount, ${Money.MAX_CENTS})::text as total
from changed join total using (tenant_id, user_id, category_id, currency)
where total.week >= changed.first and total.week < changed.beyond`;

const REMOVE = `
delete from events.ai_insights i
using unnest(${SPENDING}, $5::date[], $6::date[]) as looked (tenant_id, user_id, category_id, currency, since, until)
where i.tenant_id = looked.tenant_id and i.user_id = looked.user_id and i.category_id = looked.category_id
  and i.currency = looked.currency and i.insight_type = 'spending_pattern' and i.week between looked.since and looked.until
  and not exists (
    select from unnest($7::uuid[], $8::text[], $9::text[], $10::text[], $11::date[])
      as found (tenant_id, user_id, category_id, currency, week)
    where (found.tenant_id, found.user_id, found.category_id, found.currency, found.week)
      = (i.tenant_id, i.user_id, i.category_id, i.currency, i.week))`;

const PUT = `
insert into events.ai_insights as i (tenant_id, user_id, category_id, currency, week, id, insight_type, title, description,
  confidence, amount, usual_amount, weeks_known)
select tenant_id, user_id, category_id, currency, week, id, 'spending_pattern', title, description, confidence, amount, usual,
  weeks
from unnest(${SPENDING}, $5::date[], $6::uuid[], $7::text[], $8::text[], $9::smallint[], $10::bigint[], $11::bigint[],
  $12::smallint[]) as found (tenant_id, user_id, category_id, currency, week, id, title, description, confidence, amount, usual,
  weeks)
on conflict (tenant_id, user_id, category_id, currency, week, insight_type) do update set title = excluded.title,
  description = excluded.description, confidence = excluded.confidence, amount = excluded.amount,
  usual_amount = excluded.usual_amount, weeks_known = excluded.weeks_known, updated_at = clock_timestamp()
where (i.title, i.description, i.confidence) is distinct from (excluded.title, excluded.description, excluded.confidence)`;

@Injectable()
export class PostgresInsightStore extends InsightStore {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async markChanged(changes: readonly SpendingChange[]): Promise<void> {
    await this.sql.query(
      `insert into events.insight_due (tenant_id, user_id, category_id, currency, since_week, id, category)
       select * from unnest(${SPENDING}, $5::date[], $6::uuid[], $7::text[])`,
      [
        ...spendingColumns(changes),
        plainArray(changes.map(({ sinceWeek }) => sinceWeek.toString())),
        plainArray(changes.map(() => newId())),
        textArray(changes.map(({ category }) => storableText(category))),
      ],
    );
  }

  async dueTenants(after: TenantId, most: number): Promise<TenantId[]> {
    const rows = await this.sql.query<{ id: TenantId }>(
      'select id from events.tenants_with_insights_due($1, $2) as tenant (id)',
      [after, most],
    );
    return rows.map(({ id }) => id);
  }

  async takeChanges(tenantId: TenantId, most: number): Promise<SpendingChange[]> {
    const rows = await this.sql.query<ChangeRow>(
      `with taken as (
         delete from events.insight_due where tenant_id = $1 and id in
           (select id from events.insight_due where tenant_id = $1 order by id limit $2 for update skip locked)
         returning user_id, category_id, currency, category, since_week, id
       )
       select user_id, category_id, currency, category, since_week::text from taken order by id`,
      [tenantId, most],
    );
    await this.holdPersons(tenantId, [...new Set(rows.map((row) => row.user_id))]);
    return rows.map((row) => ({
      tenantId,
      userId: row.user_id,
      categoryId: row.category_id,
      currency: row.currency,
      category: row.category,
      sinceWeek: BusinessDate.parse(row.since_week),
    }));
  }

  async weeklyAmounts(changes: readonly SpendingChange[]): Promise<WeeklyAmounts[]> {
    const amounts = changes.map(() => new Array<Money | undefined>(2 * HISTORY_WEEKS + 1).fill(undefined));
    const rows = await this.sql.query<AmountRow>(WEEKLY_AMOUNTS, [
      ...spendingColumns(changes),
      plainArray(changes.map(({ sinceWeek }) => sinceWeek.toString())),
    ]);
    for (const { at, week, total } of rows) {
      const weeks = amounts[at - 1];
      if (weeks) weeks[week] = Money.fromCents(total);
    }
    return amounts;
  }

  async replace(weeks: readonly InsightsOfWeeks[]): Promise<void> {
    const found = weeks.flatMap((looked) => looked.insights.map((insight) => ({ ...looked, ...insight })));
    const found5 = [...spendingColumns(found), plainArray(found.map(({ week }) => week.toString()))];
    await this.sql.query(REMOVE, [
      ...spendingColumns(weeks),
      plainArray(weeks.map(({ from }) => from.toString())),
      plainArray(weeks.map(({ to }) => to.toString())),
      ...found5,
    ]);
    if (found.length === 0) return;
    await this.sql.query(PUT, [
      ...found5,
      plainArray(found.map(() => newId())),
      textArray(found.map(({ title }) => title)),
      textArray(found.map(({ description }) => description)),
      plainArray(found.map(({ confidence }) => confidence)),
      plainArray(found.map(({ amount }) => amount.cents)),
      plainArray(found.map(({ usual }) => usual.cents)),
      plainArray(found.map(({ weeksKnown }) => weeksKnown)),
    ]);
  }

  /** Before their transactions are read: what another one wrote about them is then seen. */
  private async holdPersons(tenantId: TenantId, userIds: readonly string[]): Promise<void> {
    // In one order everywhere, so that nobody waits in a circle.
    await this.sql.query(
      `select pg_advisory_xact_lock(hashtext('events.person'), key) from
         (select distinct ${personLockSql('$1', 'user_id')} as key from unnest($2::text[]) as t (user_id) order by 1) as keys`,
      [tenantId, textArray(userIds)],
    );
  }
}

function spendingColumns(spendings: readonly Spending[]): string[] {
  return [
    plainArray(spendings.map(({ tenantId }) => tenantId)),
    textArray(spendings.map(({ userId }) => storableText(userId))),
    textArray(spendings.map(({ categoryId }) => storableText(categoryId))),
    textArray(spendings.map(({ currency }) => storableText(currency))),
  ];
}
