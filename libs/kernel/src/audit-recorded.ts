import { Fact } from './fact';
import { newId, TenantId } from './ids';

/** What stands in the tenant's audit log, which auth keeps, once the fact has arrived there. */
export interface AuditEntry {
  /** One that auth knows: `events.person_erased`. */
  action: string;
  /** A person's id, or an API key's; empty where nobody did it but the platform itself. */
  actorId: string;
  actorKind: 'person' | 'key' | 'system';
  /** No personal data. */
  target: string;
  /** Short; no personal data. */
  details: Record<string, string>;
}

/** The fact that has auth write an entry into the tenant's audit log, once. */
export function auditRecorded(tenantId: TenantId, occurredAt: Date, entry: AuditEntry): Fact {
  return {
    type: 'audit.recorded.v1',
    tenantId,
    occurredAt,
    payload: { entryId: newId(), ...entry, occurredAt: occurredAt.toISOString() },
  };
}
