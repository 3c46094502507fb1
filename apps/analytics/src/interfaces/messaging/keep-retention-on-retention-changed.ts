import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { RetentionChangedV1, topics } from '@libs/contracts';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { RetentionPolicies } from '../../application/retention-policies';
import { Retention } from '../../domain/retention';

/** When a tenant changes how long its events are kept, the raw store and all that is made of it follow at the next upkeep. */
@Controller()
export class KeepRetentionOnRetentionChanged {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly policies: RetentionPolicies,
  ) {}

  @EventPattern(topics.retentionChanged, EVENT_LOG)
  async handle(@Payload() batch: Batch<RetentionChangedV1>): Promise<void> {
    const told = batch.messages.map(({ envelope: { tenantId, payload } }) => ({
      tenantId: tenantId as TenantId,
      retention: new Retention(payload.months, new Date(payload.keptFrom)),
      changedAt: new Date(payload.changedAt),
    }));
    if (told.length > 0)
      await this.transaction.runFor(batch.tenantIds as TenantId[], () => this.policies.keep(told));
  }
}
