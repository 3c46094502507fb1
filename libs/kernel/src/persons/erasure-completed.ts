import { auditRecorded } from '../audit-recorded';
import { Fact } from '../fact';
import { TenantId } from '../ids';

/** That a person is forgotten; given to whoever completes the erasure first. */
export interface Completion {
  tenantId: TenantId;
  erasureId: string;
  /** The person who asked; undefined where another service did. */
  requestedBy: string | undefined;
  /** Rows by what they were. */
  erased: Readonly<Record<string, number>>;
}

/** For the audit log of the service that was asked; another one's erasure has no entry of its own. */
export function erasureCompleted(service: string, completion: Completion, at: Date): Fact[] {
  const { tenantId, erasureId, requestedBy, erased } = completion;
  if (requestedBy === undefined) return [];
  const counts = Object.entries(erased).map(([kind, count]) => [kind, String(count)]);
  const entry = auditRecorded(tenantId, at, {
    action: `${service}.person_erased`,
    actorId: requestedBy,
    actorKind: 'person',
    target: erasureId,
    details: Object.fromEntries(counts) as Record<string, string>,
  });
  return [entry];
}
