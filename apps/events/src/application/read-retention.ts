import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { RetentionPolicy } from '../domain/retention-policy';
import { RetentionPolicies } from './retention-policies';

/** How long a tenant's events are kept. */
@Injectable()
export class ReadRetention {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly policies: RetentionPolicies,
  ) {}

  execute(tenantId: TenantId): Promise<RetentionPolicy> {
    return this.transaction.run(
      async () => (await this.policies.of([tenantId])).get(tenantId) ?? RetentionPolicy.DEFAULT,
    );
  }
}
