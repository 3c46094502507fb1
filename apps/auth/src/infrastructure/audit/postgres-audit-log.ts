import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { Clock, newId, requestContext } from '@libs/kernel';
import { logger } from '@libs/logging';
import { AuditLog, AuditRecord } from '../../application/audit/audit-log';
import { AuditChain, AuditHead, BEGINNING, BROKEN, ChainedEntry } from './audit-chain';

type Draft = Omit<ChainedEntry, 'seq'>;

interface HeadRow {
  seq: string;
  mac: Buffer;
  seal: Buffer;
}

const log = logger('auth');

/**
 * One chain a tenant. The entries of a transaction are written as its last statement, under a lock on the tenant's
 * head: it is always the last lock that a transaction takes, so that it can close no circle, and it is held for
 * one statement and the commit.
 */
@Injectable()
export class PostgresAuditLog extends AuditLog {
  constructor(
    private readonly sql: SqlSession,
    private readonly clock: Clock,
    private readonly chain: AuditChain,
  ) {
    super();
  }

  /** The promise says that it will be written with the commit; when that fails, the transaction fails. */
  async record(record: AuditRecord): Promise<void> {
    const context = requestContext.current();
    const actor = record.actor ?? (context?.userId ? { kind: 'person', id: context.userId } : undefined);
    const draft: Draft = {
      tenantId: record.tenantId,
      occurredAt: this.clock.now(),
      action: record.action,
      actorKind: actor?.kind ?? 'system',
      actorId: actor?.id ?? null,
      target: record.target ?? null,
      details: JSON.stringify(record.details ?? {}),
      requestId: context?.requestId ?? newId(),
    };
    this.sql.atCommit(draft, this.append);
  }

  private readonly append = async (drafts: readonly Draft[]): Promise<void> => {
    // In one order everywhere: a transaction may be for several tenants.
    const tenants = [...new Set(drafts.map(({ tenantId }) => tenantId))].sort();
    for (const tenantId of tenants)
      await this.appendTo(
        tenantId,
        drafts.filter((draft) => draft.tenantId === tenantId),
      );
  };

  private async appendTo(tenantId: string, drafts: readonly Draft[]): Promise<void> {
    let { seq, mac } = await this.lockedHead(tenantId);
    const entries: (ChainedEntry & { mac: Buffer })[] = [];
    for (const draft of drafts) {
      seq += 1n;
      const entry = { ...draft, seq };
      mac = this.chain.macOf(entry, mac);
      entries.push({ ...entry, mac });
    }
    await this.sql.query(
      `with written as (
         insert into auth.audit_entry
           (tenant_id, seq, occurred_at, action, actor_kind, actor_id, target, details, request_id, mac)
         select $1, * from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
           $8::json[], $9::text[], $10::bytea[])
       )
       update auth.audit_head set seq = $11, mac = $12, seal = $13 where tenant_id = $1`,
      [
        tenantId,
        entries.map((entry) => String(entry.seq)),
        entries.map((entry) => entry.occurredAt),
        entries.map((entry) => entry.action),
        entries.map((entry) => entry.actorKind),
        entries.map((entry) => entry.actorId),
        entries.map((entry) => entry.target),
        entries.map((entry) => entry.details),
        entries.map((entry) => entry.requestId),
        entries.map((entry) => entry.mac),
        String(seq),
        mac,
        this.chain.sealOf({ tenantId, seq, mac }),
      ],
    );
  }

  /** Where to go on. Tampering stops nobody's work, but nothing that follows can hide it. */
  private async lockedHead(tenantId: string): Promise<Pick<AuditHead, 'seq' | 'mac'>> {
    const row = (await this.lock(tenantId)) ?? (await this.begin(tenantId));
    // A statement of its own: one that waited for the lock would look at the entries of before it waited.
    const [end] = await this.sql.query<{ seq: string | null }>(
      'select max(seq) as seq from auth.audit_entry where tenant_id = $1',
      [tenantId],
    );
    const last = BigInt(end?.seq ?? 0);
    const head = { tenantId, seq: BigInt(row.seq), mac: row.mac, seal: row.seal };
    const untouched = head.seq === 0n && last === 0n;
    if (untouched || (head.seq === last && this.chain.holds(head))) return head;
    log.error({ tenantId, head: row.seq, last: String(last) }, 'the audit log was tampered with');
    return { seq: head.seq > last ? head.seq : last, mac: BROKEN };
  }

  private async lock(tenantId: string): Promise<HeadRow | undefined> {
    const [row] = await this.sql.query<HeadRow>(
      'select seq, mac, seal from auth.audit_head where tenant_id = $1 for update',
      [tenantId],
    );
    return row;
  }

  private async begin(tenantId: string): Promise<HeadRow> {
    // Whoever comes first inserts; the others wait here and find the row.
    await this.sql.query(
      `insert into auth.audit_head (tenant_id, seq, mac, seal) values ($1, 0, $2, $2) on conflict do nothing`,
      [tenantId, BEGINNING],
    );
    const row = await this.lock(tenantId);
    if (!row) throw new Error('the head of the audit log is not visible: not in a transaction of its tenant');
    return row;
  }
}
