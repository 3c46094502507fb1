import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import {
  RejectionFilter,
  RejectionPlace,
  RejectionReader,
  RejectionView,
  ReplayOutcome,
} from '../../application/rejections/rejection-reader';
import { KeptRejection } from '../../domain/kept-rejection';
import { EventSource } from '../../domain/tracked-event';

interface Row {
  id: string;
  event_id: string | null;
  event_type: string | null;
  code: string;
  message: string;
  stage: 'collector' | 'sink';
  source: EventSource;
  app_id: string;
  user_id: string | null;
  received_at: Date;
  sent_at: Date | null;
  attempts: number;
  replayed_at: Date | null;
}

const COLUMNS =
  'id, event_id, event_type, code, message, stage, source, app_id, user_id, received_at, sent_at, attempts, replayed_at';
const BY_IDS = `select ${COLUMNS}, event from events.rejected_event where tenant_id = $1 and id = any($2::uuid[])`;
/** A place that is not given is after everything. */
const OF_PERSON = `
  select ${COLUMNS}, event from events.rejected_event
  where tenant_id = $1 and user_id = $2 and received_at <= $3::timestamptz
    and ($4::timestamptz is null or (received_at, id) < ($4::timestamptz, $5::uuid))
  order by received_at desc, id desc limit $6`;

/** Every query names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresRejectionReader extends RejectionReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async find(tenantId: TenantId, rejectionId: string): Promise<(KeptRejection & RejectionView) | undefined> {
    const [row] = await this.sql.query<Row & { event: string }>(BY_IDS, [tenantId, [rejectionId]]);
    return row && { ...viewOf(row), tenantId, event: row.event };
  }

  async list(
    tenantId: TenantId,
    filter: RejectionFilter,
    after: RejectionPlace | undefined,
    limit: number,
  ): Promise<RejectionView[]> {
    const params: unknown[] = [tenantId];
    const param = (value: unknown) => `$${params.push(value)}`;
    const { code, eventType, from, to, replayed } = filter;
    const conditions = [
      'tenant_id = $1',
      ...(code === undefined ? [] : [`code = ${param(code)}`]),
      ...(eventType === undefined ? [] : [`event_type = ${param(eventType)}`]),
      ...(from ? [`received_at >= ${param(from.toISOString())}::timestamptz`] : []),
      ...(to ? [`received_at <= ${param(to.toISOString())}::timestamptz`] : []),
      ...(replayed === undefined ? [] : [`replayed_at is ${replayed ? 'not null' : 'null'}`]),
      ...(after
        ? [
            `(received_at, id) < (${param(after.receivedAt.toISOString())}::timestamptz, ${param(after.rejectionId)}::uuid)`,
          ]
        : []),
    ];
    const rows = await this.sql.query<Row>(
      `select ${COLUMNS} from events.rejected_event where ${conditions.join(' and ')}
       order by received_at desc, id desc limit ${param(limit)}`,
      params,
    );
    return rows.map(viewOf);
  }

  async listOfPerson(
    tenantId: TenantId,
    { userId, to }: { userId: string; to: Date },
    after: RejectionPlace | undefined,
    limit: number,
  ): Promise<(KeptRejection & RejectionView)[]> {
    const rows = await this.sql.query<Row & { event: string }>(OF_PERSON, [
      tenantId,
      userId,
      to.toISOString(),
      after?.receivedAt.toISOString() ?? null,
      after?.rejectionId ?? null,
      limit,
    ]);
    return rows.map((row) => ({ ...viewOf(row), tenantId, event: row.event }));
  }

  async load(tenantId: TenantId, rejectionIds: readonly string[]): Promise<KeptRejection[]> {
    const rows = await this.sql.query<Row & { event: string }>(BY_IDS, [tenantId, rejectionIds]);
    return rows.map((row) => ({ ...viewOf(row), tenantId, event: row.event }));
  }

  async note(tenantId: TenantId, outcomes: readonly ReplayOutcome[], at: Date): Promise<void> {
    // In the order of the keys: two replays of the same events wait for each other, never in a circle.
    const sorted = [...outcomes].sort((a, b) => (a.rejectionId < b.rejectionId ? -1 : 1));
    await this.sql.query(
      `with locked as (
         select id from events.rejected_event
         where tenant_id = $1 and id = any($2::uuid[]) order by id for no key update
       )
       update events.rejected_event r
       set attempts = attempts + 1, code = coalesce(o.code, r.code), message = coalesce(o.message, r.message),
         -- what was accepted once is in the log, whatever a later attempt says
         replayed_at = coalesce(r.replayed_at, case when o.code is null then $5::timestamptz end)
       from unnest($2::uuid[], $3::text[], $4::text[]) as o (id, code, message), locked l
       where r.tenant_id = $1 and r.id = o.id and l.id = o.id`,
      [
        tenantId,
        sorted.map(({ rejectionId }) => rejectionId),
        sorted.map(({ refused }) => refused?.code ?? null),
        sorted.map(({ refused }) => refused?.message ?? null),
        at.toISOString(),
      ],
    );
  }
}

function viewOf(row: Row): RejectionView {
  return {
    rejectionId: row.id,
    eventId: row.event_id ?? undefined,
    eventType: row.event_type ?? undefined,
    code: row.code,
    message: row.message,
    stage: row.stage,
    source: row.source,
    appId: row.app_id,
    userId: row.user_id ?? undefined,
    receivedAt: row.received_at.toISOString(),
    sentAt: row.sent_at?.toISOString(),
    attempts: row.attempts,
    replayedAt: row.replayed_at?.toISOString(),
  };
}
