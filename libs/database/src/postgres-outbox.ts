import type { Envelope } from '@libs/contracts';
import { Fact, newId, Outbox, requestContext } from '@libs/kernel';
import { ConnectionScopes } from './connection-scopes';
import { outboxCommitted } from './outbox-commits';
import { SqlSession } from './sql-session';

/** Rows stay small enough to be published as one batch. */
const MAX_FACTS_PER_ROW = 500;

/** Parts the envelopes of a row; JSON.stringify never writes a raw line break, so the relay splits without parsing. */
export const ENVELOPE_SEPARATOR = ',\n';

export class PostgresOutbox extends Outbox {
  constructor(
    private readonly scopes: ConnectionScopes,
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    super();
  }

  async add(facts: readonly Fact[]): Promise<void> {
    if (!this.scopes.current()) throw new Error('the outbox is written inside a TenantTransaction');
    if (facts.length === 0) return;
    const rows = rowsOf(facts);
    await this.sql.query(
      `insert into ${this.schema}.outbox (tenant_id, id, topic, messages, message_count)
       select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::json[], $5::int[])`,
      [
        rows.map((row) => row.tenantId),
        rows.map(() => newId()),
        rows.map((row) => row.topic),
        rows.map((row) => `[${row.envelopes.join(ENVELOPE_SEPARATOR)}]`),
        rows.map((row) => row.envelopes.length),
      ],
    );
    this.sql.afterCommit(() => outboxCommitted(this.schema));
  }
}

interface OutboxRow {
  tenantId: string;
  topic: string;
  envelopes: string[];
}

function rowsOf(facts: readonly Fact[]): OutboxRow[] {
  const rows: OutboxRow[] = [];
  const open = new Map<string, OutboxRow>();
  for (const fact of facts) {
    const key = `${fact.tenantId} ${fact.type}`;
    let row = open.get(key);
    if (!row || row.envelopes.length === MAX_FACTS_PER_ROW) {
      row = { tenantId: fact.tenantId, topic: fact.type, envelopes: [] };
      rows.push(row);
      open.set(key, row);
    }
    row.envelopes.push(JSON.stringify(envelopeOf(fact)));
  }
  return rows;
}

function envelopeOf(fact: Fact): Envelope {
  const context = requestContext.current();
  const traceparent = fact.traceparent ?? context?.traceparent;
  return {
    id: newId(),
    type: fact.type,
    version: versionOf(fact.type),
    tenantId: fact.tenantId,
    occurredAt: fact.occurredAt.toISOString(),
    requestId: fact.requestId ?? context?.requestId ?? newId(),
    ...(traceparent === undefined ? {} : { traceparent }),
    payload: fact.payload,
  };
}

/** `releases.posted.v1` → 1. */
function versionOf(topic: string): number {
  return Number(/\.v(\d+)$/.exec(topic)?.[1] ?? 1);
}
