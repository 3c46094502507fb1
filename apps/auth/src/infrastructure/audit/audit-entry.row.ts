import { AuditEntry } from '../../application/audit/audit-reader';
import { ChainedEntry } from './audit-chain';

export interface AuditEntryRow {
  tenant_id: string;
  seq: string;
  occurred_at: Date;
  action: string;
  actor_kind: string;
  actor_id: string | null;
  target: string | null;
  details: string;
  request_id: string;
  mac: Buffer;
}

// `details` as its text: what is chained are its bytes, not what they mean.
export const AUDIT_COLUMNS =
  'tenant_id, seq, occurred_at, action, actor_kind, actor_id, target, details::text as details, request_id, mac';

export function chainedOf(row: AuditEntryRow): ChainedEntry & { mac: Buffer } {
  return {
    tenantId: row.tenant_id,
    seq: BigInt(row.seq),
    occurredAt: row.occurred_at,
    action: row.action,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    target: row.target,
    details: row.details,
    requestId: row.request_id,
    mac: row.mac,
  };
}

export function entryOf(row: AuditEntryRow): AuditEntry {
  return {
    seq: BigInt(row.seq),
    occurredAt: row.occurred_at,
    action: row.action,
    actor: { kind: row.actor_kind, id: row.actor_id ?? undefined },
    target: row.target ?? undefined,
    details: JSON.parse(row.details) as Record<string, unknown>,
    requestId: row.request_id,
    mac: row.mac.toString('hex'),
  };
}
