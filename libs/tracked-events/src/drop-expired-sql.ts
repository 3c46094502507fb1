export interface MonthlyTables {
  schema: string;
  tables: readonly string[];
  /** SQL: the months that the tenant with the longest retention keeps. */
  longest: string;
}

/**
 * SQL that replaces the function which drops the months that are over. Months are compared as texts, `2026_11`: PostgreSQL may look
 * at the names of all relations before it asks which of them are partitions, and not every name ends in a month.
 */
export function dropExpiredSql({ schema, tables, longest }: MonthlyTables): string {
  return `
create or replace function ${schema}.drop_expired_partitions() returns setof text
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  longest integer := (${longest});
  -- eight days later than the policies say: what is taken for a while longer must find its place
  first_kept date := date_trunc('month', now() at time zone 'utc' - interval '8 days') - make_interval(months => longest);
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('${schema}.partitions'));
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent in (${tables.map((table) => `'${schema}.${table}'::regclass`).join(', ')})
      and right(c.relname, 7) collate "C" < to_char(first_kept, 'YYYY_MM')
    order by right(c.relname, 7), c.relname
  loop
    execute format('drop table ${schema}.%I', part);
    return next part;
  end loop;
end $$;`;
}
