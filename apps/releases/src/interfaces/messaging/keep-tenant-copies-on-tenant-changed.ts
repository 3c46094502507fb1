import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TenantChangedV1, topics } from '@libs/contracts';
import { TenantId } from '@libs/kernel';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { KeepDirectory } from '@libs/security';
import { KeepTenantCopies } from '../../application/keep-tenant-copies';

/** Keeps this context's copies of each tenant: its time zone for posting, and what the API's guard must know. */
@Controller()
export class KeepTenantCopiesOnTenantChanged {
  constructor(
    private readonly directory: KeepDirectory,
    private readonly keep: KeepTenantCopies,
  ) {}

  @EventPattern(topics.tenantChanged, EVENT_LOG)
  async handle(@Payload() batch: Batch<TenantChangedV1>): Promise<void> {
    // First: a time zone that we cannot read must not keep a suspension from being known.
    await this.directory.tenants(batch);
    await this.keep.execute(
      batch.messages.map(({ envelope: { tenantId, payload } }) => ({
        tenantId: tenantId as TenantId,
        timeZone: payload.timeZone,
        status: payload.status,
        revision: payload.revision,
      })),
    );
  }
}
