import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TenantChangedV1, topics } from '@libs/contracts';
import { isDataFault } from '@libs/database';
import { Batch, bisect } from '@libs/messaging';
import { KeepDirectory } from '@libs/security';
import { AnswerCache } from '../../application/answer.cache';
import { KeepTenants } from '../../application/keep-tenants';
import { Tenant } from '../../domain/tenant';
import { partByBelief } from './claims';
import { Poison } from './poison';

/** When auth changes a tenant, our copy follows; answers name the time zone, so they are renewed, too. */
@Controller()
export class KeepTenantOnTenantChanged {
  constructor(
    private readonly directory: KeepDirectory,
    private readonly keep: KeepTenants,
    private readonly cache: AnswerCache,
    private readonly poison: Poison,
  ) {}

  @EventPattern(topics.tenantChanged)
  async handle(@Payload() batch: Batch<TenantChangedV1>): Promise<void> {
    // First: a time zone that we cannot read must not keep a suspension from being known.
    await this.directory.tenants(batch);
    const { believed, poisoned } = partByBelief(batch, ({ envelope }) =>
      Tenant.of({ ...envelope.payload, id: envelope.tenantId }),
    );
    const indigestible = await bisect(
      believed,
      (part) => this.keep.execute(part.map(({ subject }) => subject)),
      isDataFault,
    );
    await this.poison.setAside(batch.source, [
      ...poisoned,
      ...indigestible.map(({ row, error }) => ({ row: row.message, error })),
    ]);
    await this.cache.renew([...new Set(believed.map(({ subject }) => subject.id))]);
  }
}
