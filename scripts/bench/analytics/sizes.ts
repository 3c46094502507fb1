import { Report } from '../report';
import { FilledDatabase } from './filled-database';

const KINDS: readonly (readonly [what: string, tables: string])[] = [
  ['raw events, with their indexes', String.raw`events(_\d{4}_\d{2})?`],
  ['quarters and their dimensions', 'quarter_rollup|quarter_dimension'],
  ['local days and their dimensions', 'day_.*|span_.*'],
  ['sessions', 'sessions'],
];

/** What a million events take on disk. Of a table all of it: indexes, and what is kept beside the rows. */
export async function addSizes(report: Report, { admin, events, days }: FilledDatabase): Promise<void> {
  for (const [what, tables] of KINDS) {
    const { rows } = await admin.query<{ bytes: string; indexes: string }>(
      `select coalesce(sum(pg_table_size(c.oid)), 0)::bigint as bytes, coalesce(sum(pg_indexes_size(c.oid)), 0)::bigint as indexes
       from pg_class c where c.relnamespace = 'analytics'::regnamespace and c.relkind = 'r' and c.relname ~ $1`,
      [`^(${tables})$`],
    );
    const [table, indexes] = [Number(rows[0]?.bytes), Number(rows[0]?.indexes)];
    report.add({
      what: `disk: ${what}, over ${days} days`,
      figure: `${megabytes(table + indexes)} MB, ${megabytes(indexes)} of it indexes; ${megabytes(((table + indexes) / events) * 1_000_000)} MB a million events`,
      aim: 'none',
      met: true,
    });
  }
}

function megabytes(bytes: number): string {
  const size = bytes / 1024 / 1024;
  return size < 10 ? size.toFixed(1) : size.toFixed(0);
}
