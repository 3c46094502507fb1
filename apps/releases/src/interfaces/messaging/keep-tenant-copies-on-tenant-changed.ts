import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TenantChangedV1, topics } from '@libs/contracts';
import { TenantId } from '@libs/kernel';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { KeepTenantCopies } from '../../application/keep-tenant-copies';

/** Keeps this context's copy of each tenant's time zone and status. */
@Controller()
export class KeepTenantCopiesOnTenantChanged {
  constructor(private readonly keep: KeepTenantCopies) {}

  @EventPattern(topics.tenantChanged, EVENT_LOG)
  handle(@Payload() batch: Batch<TenantChangedV1>): Promise<void> {
    return this.keep.execute(
      batch.messages.map(({ envelope: { tenantId, payload } }) => ({
        tenantId: tenantId as TenantId,
        timeZone: payload.timeZone,
        status: payload.status,
        revision: payload.revision,
      })),
    );
  }
}
