import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { Tenant } from '../../domain/tenant';
import { TenantSettings } from '../../domain/tenant-settings';
import { TenantRepository } from '../../domain/tenant.repository';
import { SecondFactorMissing } from '../../domain/second-factor.errors';
import { AuditLog } from '../audit/audit-log';
import { ActingSession, IdentityProvider } from '../sign-in/identity-provider';

/** A tenant's own settings; a new time zone affects only what is posted later. */
@Injectable()
export class ChangeTenant {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly provider: IdentityProvider,
    private readonly clock: Clock,
  ) {}

  /** @throws BlankName, UnknownTimeZone, InvalidOrigin, NegativeNightLimit, SecondFactorMissing */
  async execute(settings: Partial<TenantSettings>, by: ActingSession): Promise<Tenant> {
    // Before the transaction: another provider may take its time.
    if (settings.requireSecondFactor && (await this.provider.secondFactors(by.userId, by)).length === 0)
      throw new SecondFactorMissing();
    return this.transaction.run(async () => {
      const before = await this.tenants.lockCurrent();
      const tenant = before.with(settings);
      if (tenant === before) return tenant;
      await this.tenants.save(tenant);
      await this.audit.record({
        tenantId: tenant.id,
        action: 'tenant.changed',
        target: tenant.id,
        details: differences(before, tenant),
      });
      await this.outbox.add([tenant.changed(this.clock.now())]);
      return tenant;
    });
  }
}

const SETTINGS = ['name', 'timeZone', 'nightLimit', 'origins', 'requireSecondFactor'] as const;

/** What each changed setting is now, and what it was. */
function differences(before: Tenant, after: Tenant): Record<string, string> {
  const [was, is] = [before.snapshot(), after.snapshot()];
  const changed = SETTINGS.filter((name) => String(was[name]) !== String(is[name]));
  return Object.fromEntries(
    changed.flatMap((name) => [
      [name, String(is[name])],
      [`${name}Before`, String(was[name])],
    ]),
  );
}
