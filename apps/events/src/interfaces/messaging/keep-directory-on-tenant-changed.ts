import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TenantChangedV1, topics } from '@libs/contracts';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { KeepDirectory } from '@libs/security';

/** When auth changes a tenant, what the collector's guard must know of it follows. */
@Controller()
export class KeepDirectoryOnTenantChanged {
  constructor(private readonly directory: KeepDirectory) {}

  @EventPattern(topics.tenantChanged, EVENT_LOG)
  handle(@Payload() batch: Batch<TenantChangedV1>): Promise<void> {
    return this.directory.tenants(batch);
  }
}
