import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { Tenant } from '../../domain/tenant';
import { TenantRepository } from '../../domain/tenant.repository';

@Injectable()
export class DescribeTenant {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantRepository,
  ) {}

  execute(): Promise<Tenant> {
    return this.transaction.run(() => this.tenants.current());
  }
}
