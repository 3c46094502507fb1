import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { normaliseEmail } from '../domain/email';
import { MembershipRepository } from '../domain/membership.repository';
import { choosePassword } from '../domain/password';
import { Tenant } from '../domain/tenant';
import { TenantRepository } from '../domain/tenant.repository';
import { User } from '../domain/user';
import { UserRepository } from '../domain/user.repository';
import { AuditLog } from './audit-log';
import { PasswordHasher } from './password-hasher';
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
    private readonly memberships: MembershipRepository,
    private readonly hasher: PasswordHasher,
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
    const user = User.register({
      email,
      name: input.name,
      passwordHash: await this.hasher.hash(password),
      now,
    });
    await inTenant(this.transaction, tenant.id, async () => {
      await this.users.add(user);
      await this.tenants.add(tenant);
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
    });
    return { user, tenant };
  }
}
