import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { CustomDomain } from '../../domain/custom-domain';
import { CustomDomainRepository } from '../../domain/custom-domain.repository';

@Injectable()
export class ListDomains {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly domains: CustomDomainRepository,
  ) {}

  execute(): Promise<CustomDomain[]> {
    return this.transaction.run(() => this.domains.all());
  }
}
