import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TenantChangedV1, topics } from '@libs/contracts';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { KeepDirectory } from '@libs/security';
import { TenantZones } from '../../application/tenant-zones';

/** When auth changes a tenant, what the guard must know of it follows, and the zone of its reports. */
@Controller()
export class KeepTenantOnTenantChanged {
  constructor(
    private readonly directory: KeepDirectory,
    private readonly transaction: TenantTransaction,
    private readonly zones: TenantZones,
  ) {}

  @EventPattern(topics.tenantChanged, EVENT_LOG)
  async handle(@Payload() batch: Batch<TenantChangedV1>): Promise<void> {
    await this.directory.tenants(batch);
    const tenantIds = batch.tenantIds as TenantId[];
    const told = batch.messages.map(({ envelope: { tenantId, payload } }) => ({
      tenantId: tenantId as TenantId,
      timeZone: payload.timeZone,
      revision: payload.revision,
    }));
    if (told.length > 0) await this.transaction.runFor(tenantIds, () => this.zones.keep(told));
  }
}
