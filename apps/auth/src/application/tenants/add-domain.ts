import { Injectable } from '@nestjs/common';
import { Clock, requestContext, TenantTransaction } from '@libs/kernel';
import { chooseDomain, CustomDomain, MOST_DOMAINS } from '../../domain/custom-domain';
import { CustomDomainRepository } from '../../domain/custom-domain.repository';
import { TooManyDomains } from '../../domain/tenancy.errors';
import { TenantRepository } from '../../domain/tenant.repository';
import { AuditLog } from '../audit/audit-log';

/** The domain under which the platform's own hosts are, and the random texts that prove the domains of others. */
export abstract class DomainNaming {
  abstract readonly platform: string;
  /** 128 random bits or more, in letters and digits. */
  abstract proof(): string;
}

/** A tenant says that a host name is its own; until DNS shows the proof, that has no effect at all. */
@Injectable()
export class AddDomain {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantRepository,
    private readonly domains: CustomDomainRepository,
    private readonly naming: DomainNaming,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** The same name again gives what is there. @throws InvalidDomain, TooManyDomains */
  execute(text: string): Promise<CustomDomain> {
    const name = chooseDomain(text, this.naming.platform);
    return this.transaction.run(async () => {
      await this.tenants.lockCurrent(); // the count below must stay true
      const all = await this.domains.all();
      const known = all.find((domain) => domain.name === name);
      if (known) return known;
      if (all.length >= MOST_DOMAINS) throw new TooManyDomains(MOST_DOMAINS);
      const domain = { name, proof: this.naming.proof(), createdAt: this.clock.now() };
      await this.domains.add(domain);
      const tenantId = requestContext.tenantId();
      await this.audit.record({ tenantId, action: 'domain.added', target: name });
      return domain;
    });
  }
}
