import { Fact, TenantId } from '@libs/kernel';
import { RetentionPolicy } from './retention-policy';

/** Others who keep events keep them as long. They know no critical ones. */
export function retentionChanged(
  tenantId: TenantId,
  { months, keptFrom }: RetentionPolicy,
  changedAt: Date,
): Fact {
  return {
    type: 'events.retention-changed.v1',
    tenantId,
    occurredAt: changedAt,
    payload: { months, keptFrom: keptFrom.toISOString(), changedAt: changedAt.toISOString() },
  };
}
