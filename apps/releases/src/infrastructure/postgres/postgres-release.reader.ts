import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { Money, ReleaseId, TenantId } from '@libs/kernel';
import {
  ListFilter,
  ListPosition,
  PostedView,
  RangeEnd,
  RejectedView,
  ReleaseReader,
} from '../../application/release-reader';

interface PostedRow {
  id: string;
  amount: string;
  description: string;
  occurred_at: Date;
  business_date: string;
  user_id: string;
  metadata: Record<string, unknown> | null;
  posted_at: Date;
}

const POSTED = `select id, amount, description, occurred_at, business_date::text, user_id, metadata, posted_at
from releases.release where tenant_id = $1`;

/** Every query names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresReleaseReader extends ReleaseReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async find(tenantId: TenantId, id: ReleaseId): Promise<PostedView | RejectedView | undefined> {
    const [posted] = await this.sql.query<PostedRow>(`${POSTED} and id = $2`, [tenantId, id]);
    if (posted) return postedView(posted);
    const [rejected] = await this.sql.query<{
      user_id: string | null;
      reason: string;
      detail: string;
      rejected_at: Date;
    }>(
      `select user_id, reason, detail, rejected_at from releases.rejection
       where tenant_id = $1 and release_id = $2 order by rejected_at limit 1`,
      [tenantId, id],
    );
    if (!rejected) return undefined;
    return {
      status: 'rejected',
      id,
      userId: rejected.user_id,
      reason: { code: rejected.reason, message: rejected.detail },
      rejectedAt: rejected.rejected_at,
    };
  }

  async list(
    tenantId: TenantId,
    filter: ListFilter,
    after: ListPosition | undefined,
    limit: number,
  ): Promise<PostedView[]> {
    const params: unknown[] = [tenantId];
    const param = (value: unknown) => `$${params.push(value)}`;
    const conditions = [
      ...rangeConditions(filter, param),
      ...(filter.kind ? [filter.kind === 'credit' ? 'amount > 0' : 'amount < 0'] : []),
      ...(filter.text ? [`description ilike ${param(`%${escapeLike(filter.text)}%`)}`] : []),
      ...(after
        ? [
            `(occurred_at, id) < (${param(after.occurredAt.toISOString())}::timestamptz, ${param(after.id)}::uuid)`,
          ]
        : []),
    ];
    const rows = await this.sql.query<PostedRow>(
      `${[POSTED, ...conditions].join(' and ')} order by occurred_at desc, id desc limit ${param(limit)}`,
      params,
    );
    return rows.map(postedView);
  }
}

function postedView(row: PostedRow): PostedView {
  return {
    status: 'posted',
    id: row.id,
    amount: Money.fromCents(row.amount).toString(),
    description: row.description,
    occurredAt: row.occurred_at,
    businessDate: row.business_date,
    userId: row.user_id,
    metadata: row.metadata,
    postedAt: row.posted_at,
  };
}

function rangeConditions({ from, to }: ListFilter, param: (value: unknown) => string): string[] {
  return [
    ...(from ? endConditions(from, '>=', '-', param) : []),
    ...(to ? endConditions(to, '<=', '+', param) : []),
  ];
}

/**
 * A day is compared with the day the release was posted to. The bound on occurred_at beside it changes no answer (no
 * zone is further than a day from UTC), it lets the list's index skip the rest.
 */
function endConditions(
  end: RangeEnd,
  operator: '>=' | '<=',
  sign: '-' | '+',
  param: (value: unknown) => string,
): string[] {
  if ('instant' in end) return [`occurred_at ${operator} ${param(end.instant.toISOString())}::timestamptz`];
  const day = param(end.day);
  return [
    `business_date ${operator} ${day}::date`,
    `occurred_at ${operator} (${day}::date ${sign} ${sign === '+' ? 2 : 1})::timestamp at time zone 'UTC'`,
  ];
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
