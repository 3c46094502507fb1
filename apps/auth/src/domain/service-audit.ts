import { DomainError, isUuid, TenantId } from '@libs/kernel';

/** What other services may have written into a tenant's audit log; a new one is added here. */
export const SERVICE_ACTIONS = [
  'events.person_exported',
  'events.person_erasure_requested',
  'events.person_erased',
  'events.retention_changed',
  'analytics.exported',
  'analytics.person_erasure_requested',
  'analytics.person_erased',
  'analytics.alert_created',
  'analytics.alert_changed',
  'analytics.alert_deleted',
  'analytics.webhook_registered',
  'analytics.webhook_changed',
  'analytics.webhook_removed',
  'analytics.webhook_secret_rotated',
  'analytics.webhook_replayed',
  'analytics.webhook_disabled',
] as const;
export type ServiceAction = (typeof SERVICE_ACTIONS)[number];

/** A service said something for the audit log that cannot stand there. */
export class ImpossibleAuditEntry extends DomainError {
  readonly code = 'impossible_audit_entry';
  readonly kind = 'invalid';
}

/** What somebody did in another service; it may be told more than once. */
export interface ServiceAudit {
  readonly tenantId: TenantId;
  readonly entryId: string;
  readonly action: ServiceAction;
  /** The system's has no id. */
  readonly actor: { kind: 'person' | 'key' | 'system'; id?: string };
  readonly target: string;
  readonly details: Readonly<Record<string, string>>;
  readonly requestId: string;
}

const MAX_TEXT = 256;
const MAX_DETAILS = 16;
const NAME = /^[a-zA-Z]{1,32}$/;

/** @throws ImpossibleAuditEntry: the log is append-only, so what is wrong in it stays wrong */
export function serviceAudit(
  claim: Record<
    'entryId' | 'action' | 'actorId' | 'actorKind' | 'target' | 'details' | 'occurredAt',
    unknown
  >,
  { tenantId, requestId }: { tenantId: TenantId; requestId: string },
): ServiceAudit {
  const { entryId, target, occurredAt } = claim;
  const action = SERVICE_ACTIONS.find((known) => known === claim.action);
  if (!isUuid(entryId)) throw new ImpossibleAuditEntry('the id is not a UUID');
  if (!action) throw new ImpossibleAuditEntry('the action is not one that other services record');
  if (!isText(target)) throw new ImpossibleAuditEntry('the target is no text');
  if (typeof occurredAt !== 'string' || Number.isNaN(Date.parse(occurredAt)))
    throw new ImpossibleAuditEntry('occurredAt is not a time');
  return {
    tenantId,
    entryId,
    action,
    actor: actorOf(claim),
    target,
    // The log is in the order in which it was written, and dated then; when it happened is a detail.
    details: { ...detailsOf(claim.details), happenedAt: new Date(occurredAt).toISOString() },
    requestId,
  };
}

function actorOf({ actorKind, actorId }: { actorKind: unknown; actorId: unknown }): ServiceAudit['actor'] {
  if (actorKind === 'system' && actorId === '') return { kind: actorKind };
  if (actorKind !== 'person' && actorKind !== 'key')
    throw new ImpossibleAuditEntry('the actor is neither a person nor a key');
  if (!isUuid(actorId)) throw new ImpossibleAuditEntry('the actor is not a UUID');
  return { kind: actorKind, id: actorId };
}

function detailsOf(details: unknown): Record<string, string> {
  if (typeof details !== 'object' || details === null) throw new ImpossibleAuditEntry('details is no object');
  const entries = Object.entries(details);
  if (entries.length > MAX_DETAILS) throw new ImpossibleAuditEntry('there are too many details');
  for (const [name, value] of entries)
    if (!NAME.test(name) || !isText(value)) throw new ImpossibleAuditEntry('a detail is no short text');
  return Object.fromEntries(entries);
}

function isText(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length <= MAX_TEXT && value.isWellFormed() && !/\p{Cc}/u.test(value)
  );
}
