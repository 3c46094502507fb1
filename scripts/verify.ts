import { Client } from 'pg';
import { bootOrExit, defineConfig } from '@libs/config';
import { operatorUrl } from '@libs/database';

const config = defineConfig({
  url: operatorUrl(),
});

/** Enough to look into, without filling a screen. */
const SHOWN = 20;

// What the two contexts say of the same release. A release whose message is still in the outbox is on its way.
const DIFFERENCES = `
with on_its_way as (
  select outbox.tenant_id, (message -> 'payload' ->> 'releaseId')::uuid as release_id
  from releases.outbox, json_array_elements(outbox.messages) as message
  where sent_at is null and topic = 'releases.posted.v1'
), compared as (
  select coalesce(r.tenant_id, e.tenant_id) as tenant_id, coalesce(r.id, e.release_id) as release_id,
    case when e.release_id is null then 'missing' when r.id is null then 'unknown' else 'different' end as kind
  from releases.release r
  full join consolidated.entry e on e.tenant_id = r.tenant_id and e.release_id = r.id
  where r.id is null or e.release_id is null
    or (r.amount, r.occurred_at::timestamptz(3), r.business_date)
      is distinct from (e.amount, e.occurred_at, e.business_date)
)
select compared.tenant_id, compared.release_id, kind, on_its_way.release_id is not null as on_its_way
from compared left join on_its_way using (tenant_id, release_id)
order by tenant_id, kind, release_id`;

const DAYS = `
select coalesce(e.tenant_id, d.tenant_id) as tenant_id, coalesce(e.business_date, d.business_date)::text as date,
  coalesce(e.count, 0)::text || ' entries of ' || coalesce(e.balance, 0)::text || ' cents' as entries,
  coalesce(d.count, 0)::text || ' entries of ' || coalesce(d.credits - d.debits, 0)::text || ' cents' as daily
from (
  select tenant_id, business_date, sum(greatest(amount, 0)) as credits, sum(greatest(-amount, 0)) as debits,
    sum(amount) as balance, count(*) as count
  from consolidated.entry group by 1, 2
) e
full join consolidated.daily d on d.tenant_id = e.tenant_id and d.business_date = e.business_date
where (coalesce(e.credits, 0), coalesce(e.debits, 0), coalesce(e.count, 0))
  is distinct from (coalesce(d.credits, 0), coalesce(d.debits, 0), coalesce(d.count, 0))
order by 1, 2`;

const TOTALS = `
select (select count(*) from releases.release)::int as releases,
  (select count(*) from consolidated.entry)::int as entries,
  (select count(*) from consolidated.daily)::int as days,
  (select count(distinct tenant_id) from releases.release)::int as tenants,
  (select count(*) from releases.outbox where sent_at is null)::int as unsent_rows,
  (select coalesce(sum(message_count), 0) from releases.outbox where sent_at is null)::int as unsent_messages`;

interface Difference {
  tenant_id: string;
  release_id: string;
  kind: 'missing' | 'unknown' | 'different';
  on_its_way: boolean;
}

interface Day {
  tenant_id: string;
  date: string;
  entries: string;
  daily: string;
}

interface Totals {
  releases: number;
  entries: number;
  days: number;
  tenants: number;
  unsent_rows: number;
  unsent_messages: number;
}

/**
 * Compares what was posted with what was consolidated, and the entries with their days, in one snapshot.
 * @returns whether all of it agrees
 */
export async function verify(operatorUrl: string, print: (line: string) => void): Promise<boolean> {
  const client = new Client({ connectionString: operatorUrl, application_name: 'moneyflow-verify' });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0');
    const differences = (await client.query<Difference>(DIFFERENCES)).rows;
    const days = (await client.query<Day>(DAYS)).rows;
    const [totals] = (await client.query<Totals>(TOTALS)).rows;
    await client.query('commit');
    reportReleases(differences, print);
    reportDays(days, print);
    if (totals) reportTotals(totals, print);
    const agree = differences.length === 0 && days.length === 0;
    print(agree ? 'everything agrees' : 'they do not agree');
    return agree;
  } finally {
    await client.end();
  }
}

const MEANING: Record<Difference['kind'], string> = {
  missing: 'posted but not consolidated',
  unknown: 'consolidated but never posted',
  different: 'consolidated with another amount, instant or day',
};

function reportReleases(differences: readonly Difference[], print: (line: string) => void): void {
  for (const [tenantId, ofTenant] of Map.groupBy(differences, ({ tenant_id }) => tenant_id)) {
    for (const [kind, rows] of Map.groupBy(ofTenant, (row) => row.kind)) {
      const moving = rows.filter((row) => row.on_its_way).length;
      print(
        `tenant ${tenantId}: ${rows.length} ${MEANING[kind]}${moving > 0 ? `, ${moving} of them still in the outbox` : ''}`,
      );
      for (const row of rows.slice(0, SHOWN))
        print(`  ${kind} ${row.release_id}${row.on_its_way ? ' (in the outbox)' : ''}`);
      if (rows.length > SHOWN) print(`  … and ${rows.length - SHOWN} more`);
    }
  }
}

function reportDays(days: readonly Day[], print: (line: string) => void): void {
  for (const { tenant_id, date, entries, daily } of days.slice(0, SHOWN))
    print(`tenant ${tenant_id}: day ${date} has ${entries}, its rollup says ${daily}`);
  if (days.length > SHOWN) print(`… and ${days.length - SHOWN} more days`);
  if (days.length > 0) print('npm run consolidated:rebuild mends days');
}

function reportTotals(totals: Totals, print: (line: string) => void): void {
  print(
    `${totals.tenants} tenants, ${totals.releases} releases, ${totals.entries} entries, ${totals.days} days`,
  );
  if (totals.unsent_messages > 0)
    print(
      `in flight: ${totals.unsent_messages} messages in ${totals.unsent_rows} unsent outbox rows; what is sent but not consumed yet shows as missing`,
    );
}

if (require.main === module) {
  void bootOrExit('verify', async () => {
    const agree = await verify(config.parse(process.env).url, (line) => process.stdout.write(`${line}\n`));
    process.exitCode = agree ? 0 : 1;
  });
}
