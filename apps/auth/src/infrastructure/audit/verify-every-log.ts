import type { Client } from 'pg';
import { AuditVerdict } from '../../application/audit/audit-reader';
import { AuditChain, AuditHead } from './audit-chain';
import { AUDIT_COLUMNS, AuditEntryRow, chainedOf } from './audit-entry.row';
import { Anchor, ChainWalk } from './chain-walk';

const PIECE = 5_000;

export interface LogVerdict extends AuditVerdict {
  tenantId: string;
}

/**
 * Walks the log of every tenant there is, was, or that an anchor tells of, in one snapshot.
 * @param client connected with a role that reads every tenant's rows
 * @param anchors what former checks saw, by tenant
 */
export async function* verifyEveryLog(
  client: Client,
  chain: AuditChain,
  anchors: ReadonlyMap<string, Anchor> = new Map(),
): AsyncGenerator<LogVerdict> {
  await client.query('begin isolation level repeatable read read only');
  await client.query('set local statement_timeout = 0');
  const { rows } = await client.query<{ id: string }>(
    `select id from auth.tenant union select tenant_id from auth.audit_entry union select tenant_id from auth.audit_head`,
  );
  const tenants = new Set([...rows.map(({ id }) => id), ...anchors.keys()]);
  for (const tenantId of [...tenants].sort()) {
    const walk = new ChainWalk(chain, anchors.get(tenantId));
    for await (const row of entriesOf(client, tenantId)) walk.take(chainedOf(row));
    yield { tenantId, ...walk.end(await headOf(client, tenantId)) };
  }
  await client.query('commit');
}

async function* entriesOf(client: Client, tenantId: string): AsyncGenerator<AuditEntryRow> {
  for (let after = '-9223372036854775808', more = true; more;) {
    const { rows } = await client.query<AuditEntryRow>(
      `select ${AUDIT_COLUMNS} from auth.audit_entry where tenant_id = $1 and seq > $2 order by seq limit ${PIECE}`,
      [tenantId, after],
    );
    yield* rows;
    after = rows.at(-1)?.seq ?? after;
    more = rows.length === PIECE;
  }
}

async function headOf(client: Client, tenantId: string): Promise<AuditHead | undefined> {
  const { rows } = await client.query<{ seq: string; mac: Buffer; seal: Buffer }>(
    'select seq, mac, seal from auth.audit_head where tenant_id = $1',
    [tenantId],
  );
  return rows[0] && { ...rows[0], tenantId, seq: BigInt(rows[0].seq) };
}
