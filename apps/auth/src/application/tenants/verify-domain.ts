import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { CustomDomain, proofRecord, proofText } from '../../domain/custom-domain';
import { CustomDomainRepository } from '../../domain/custom-domain.repository';
import { DomainNotFound, DomainNotProven } from '../../domain/tenancy.errors';
import { TenantRepository } from '../../domain/tenant.repository';
import { AuditLog } from '../audit/audit-log';
import { TxtRecords } from './txt-records';

/** Looks for the proof in DNS; from then on the host is this tenant's, everywhere. */
@Injectable()
export class VerifyDomain {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantRepository,
    private readonly domains: CustomDomainRepository,
    private readonly records: TxtRecords,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Harmless when repeated. @throws DomainNotFound, DomainNotProven, DomainTaken, DnsUnavailable */
  async execute(name: string): Promise<CustomDomain> {
    const domain = await this.transaction.run(() => this.domains.find(name));
    if (!domain) throw new DomainNotFound();
    if (domain.verifiedAt) return domain;
    // Between the two transactions: DNS may take seconds, and holds no connection meanwhile.
    const texts = await this.records.lookUp(proofRecord(name));
    if (!texts.includes(proofText(domain.proof))) throw new DomainNotProven(proofRecord(name));
    return this.transaction.run(() => this.claim(name, domain.proof));
  }

  private async claim(name: string, proof: string): Promise<CustomDomain> {
    const tenant = await this.tenants.lockCurrent();
    const domain = await this.domains.find(name);
    // Removed meanwhile, or added anew with another proof: what DNS showed was for the former.
    if (!domain || domain.proof !== proof) throw new DomainNotFound();
    if (domain.verifiedAt) return domain;
    const now = this.clock.now();
    await this.domains.claim(name, now);
    const changed = tenant.withDomains([...tenant.snapshot().domains, name]);
    await this.tenants.save(changed);
    await this.audit.record({ tenantId: tenant.id, action: 'domain.verified', target: name });
    await this.outbox.add([changed.changed(now)]);
    return { ...domain, verifiedAt: now };
  }
}
