import { Fact, newId, TenantId } from '@libs/kernel';
import { Erasure } from './erasure';

/** What stands in the tenant's audit log, which auth keeps, once the fact has arrived there. */
export interface AuditEntry {
  /** One that auth knows: `events.person_erased`. */
  action: string;
  /** A person's id, or an API key's. */
  actorId: string;
  actorKind: 'person' | 'key';
  /** No personal data. */
  target: string;
  /** Short; no personal data. */
  details: Record<string, string>;
}

export function auditRecorded(tenantId: TenantId, occurredAt: Date, entry: AuditEntry): Fact {
  return {
    type: 'audit.recorded.v1',
    tenantId,
    occurredAt,
    payload: { entryId: newId(), ...entry, occurredAt: occurredAt.toISOString() },
  };
}

export function personErased({ tenantId, erasureId, userId, erasedAt }: Erasure): Fact {
  return {
    type: 'analytics.person-erased.v1',
    tenantId,
    occurredAt: erasedAt,
    payload: { erasureId, userId, erasedAt: erasedAt.toISOString() },
  };
}
