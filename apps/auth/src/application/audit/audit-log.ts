import { TenantId } from '@libs/kernel';
import { ServiceAction } from '../../domain/service-audit';

/** What is written down about who did what. Dotted, past tense; a new one is added here. */
export type AuditAction =
  | 'tenant.registered'
  | 'tenant.changed'
  | 'tenant.suspended'
  | 'tenant.reactivated'
  | 'domain.added'
  | 'domain.verified'
  | 'domain.removed'
  | 'member.invited'
  | 'member.invitation_withdrawn'
  | 'member.joined'
  | 'member.role_changed'
  | 'member.removed'
  | 'session.opened'
  | 'session.ended'
  | 'session.reuse_detected'
  | 'session.stepped_up'
  | 'password.changed'
  | 'password.reset'
  | 'totp.enrolled'
  | 'totp.removed'
  | 'recovery_code.used'
  | 'recovery_codes.renewed'
  | 'identity.linked'
  | 'identity.unlinked'
  | 'app.created'
  | 'app.changed'
  | 'key.created'
  | 'key.regenerated'
  | 'key.revoked'
  | 'audit.exported'
  | ServiceAction;

export interface AuditRecord {
  tenantId: TenantId;
  action: AuditAction;
  /** Who did it; absent: whom the request context names, else the system. */
  actor?: { kind: 'person' | 'key' | 'operator' | 'system'; id?: string };
  /** What it was done to: a user, a key, a session id. */
  target?: string;
  /** Flat and short; ids, names and roles, never secrets, codes or passwords. */
  details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** The tenant's append-only, hash-chained log of what matters to its security. */
export abstract class AuditLog {
  /** Appends in the transaction that is open for this tenant: what did not commit was not done. */
  abstract record(record: AuditRecord): Promise<void>;
}
