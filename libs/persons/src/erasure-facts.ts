import { PersonErasedV1, topics } from '@libs/contracts';
import { auditRecorded, Fact } from '@libs/kernel';
import { Erasure } from './erasure';

/** Has everybody who keeps events forget the person. */
export function personErased({ tenantId, erasureId, userId, erasedAt }: Erasure): Fact<PersonErasedV1> {
  return {
    type: topics.personErased,
    tenantId,
    occurredAt: erasedAt,
    payload: { erasureId, userId, erasedAt: erasedAt.toISOString() },
  };
}

/** For the audit log, with whom: the tenant must be able to show that it did what the person asked for. */
export function erasureRequested(service: string, erasure: Erasure, by: string): Fact {
  return auditRecorded(erasure.tenantId, erasure.erasedAt, {
    action: `${service}.person_erasure_requested`,
    actorId: by,
    actorKind: 'person',
    target: erasure.userId,
    details: { erasureId: erasure.erasureId },
  });
}
