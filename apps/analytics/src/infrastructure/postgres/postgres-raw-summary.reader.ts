import { Injectable } from '@nestjs/common';
import { MetadataFilter, RawSummaryReader } from '../../application/reports/raw-summary.reader';
import { Breakdown, RollupQuestion, SummaryRead } from '../../application/reports/rollup.reader';
import { UniqueCount, uniqueCount } from '../../domain/unique-count';
import { HeavyReading } from './heavy-reading';
import { ReportSql } from './report-sql';

interface Part {
  part: 'total' | 'type' | 'value';
  key: string;
  events: string;
  users: string | null;
  sessions: string | null;
}

// What JSON itself writes for a number, a truth value.
const SCALAR = /^(true|false|-?(0|[1-9]\d{0,14})(\.\d{1,6})?)$/;

@Injectable()
export class PostgresRawSummaryReader extends RawSummaryReader {
  constructor(
    private readonly heavy: HeavyReading,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  async summary(
    { tenantId, appId, period, eventType }: RollupQuestion,
    metadata: readonly MetadataFilter[],
    breakdown?: Breakdown,
  ): Promise<SummaryRead> {
    const parts = await this.heavy.run(tenantId, () =>
      this.sql.query<Part>(
        'select * from analytics.summarise_events($1, array(select json_array_elements_text($2::json)::jsonb), $3, $4, $5, $6, $7)',
        [
          appId,
          JSON.stringify(meanings(metadata)),
          period.from,
          period.to,
          eventType ?? null,
          breakdown?.dimension ?? null,
          breakdown?.limit ?? null,
        ],
      ),
    );
    const { total = [], type = [], value = [] } = Object.groupBy(parts, ({ part }) => part);
    const [all] = total;
    return {
      total: {
        events: Number(all?.events ?? 0),
        users: counted(all?.users),
        sessions: counted(all?.sessions),
      },
      byType: type.map(({ key, events }) => ({ eventType: key, events: Number(events) })),
      values: value.map(({ key, events }) => ({ value: key, events: Number(events) })),
      folded: 0,
    };
  }
}

function counted(text: string | null | undefined): UniqueCount {
  return uniqueCount({ count: Number(text ?? 0), exact: true });
}

/** Each object, as text, that would contain what is asked for: of every value the text, and what else it may mean. */
function meanings(metadata: readonly MetadataFilter[]): string[] {
  let found = [''];
  for (const { name, value } of metadata) {
    const written = SCALAR.test(value) ? [JSON.stringify(value), value] : [JSON.stringify(value)];
    const key = JSON.stringify(name);
    found = found.flatMap((before) =>
      written.map((text) => `${before}${before === '' ? '' : ','}${key}:${text}`),
    );
  }
  return found.map((members) => `{${members}}`);
}
