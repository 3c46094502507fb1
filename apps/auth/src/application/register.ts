import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { App } from '../domain/app';
import { AppRepository } from '../domain/app.repository';
import { normaliseEmail } from '../domain/email';
import { MembershipRepository } from '../domain/membership.repository';
import { choosePassword } from '../domain/password';
import { Tenant } from '../domain/tenant';
import { TenantRepository } from '../domain/tenant.repository';
import { User } from '../domain/user';
import { UserRepository } from '../domain/user.repository';
import { AuditLog } from './audit-log';
import { IdentityProvider } from './identity-provider';
import { inTenant } from './tenant-work';

export interface Registration {
  email: string;
  password: string;
  name: string;
  tenant: { name: string; subdomain: string };
}

/** A person founds a tenant and owns it. */
@Injectable()
export class Register {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly users: UserRepository,
    private readonly tenants: TenantRepository,
    private readonly apps: AppRepository,
    private readonly memberships: MembershipRepository,
    private readonly provider: IdentityProvider,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws MalformedEmail, WeakPassword, BlankName, InvalidSubdomain, ReservedSubdomain, EmailTaken, SubdomainTaken,
   *   PasswordChecksBusy
   */
  async execute(input: Registration): Promise<{ user: User; tenant: Tenant }> {
    const now = this.clock.now();
    const email = normaliseEmail(input.email);
    const tenant = Tenant.found({ ...input.tenant, now });
    const context = [email, input.name, input.tenant.name, input.tenant.subdomain];
    const password = choosePassword(input.password, context);
    const prepared = await this.provider.prepareSignUp(password);
    const user = User.register({ email, name: input.name, passwordHash: prepared, now });
    await inTenant(this.transaction, tenant.id, async () => {
      await this.users.add(user);
      await this.tenants.add(tenant);
      await this.apps.add(App.first(tenant.snapshot()));
      await this.memberships.add(tenant.id, user.id, 'owner', now);
      // The first entry of every tenant's log; one that begins otherwise has lost its beginning.
      await this.audit.record({
        tenantId: tenant.id,
        action: 'tenant.registered',
        actor: { kind: 'person', id: user.id },
        target: tenant.id,
        details: { subdomain: tenant.snapshot().subdomain },
      });
      await this.outbox.add([tenant.changed(now), user.joined(tenant.id, 'owner', now)]);
      // Last: what another provider has made, no rollback of ours takes back.
      await this.provider.signUp({ email, password, name: user.name, prepared });
    });
    return { user, tenant };
  }
}
