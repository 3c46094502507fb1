import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { normaliseEmail } from '../../domain/email';
import { choosePassword } from '../../domain/password';
import { Tenant } from '../../domain/tenant';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { FoundTenant } from './found-tenant';
import { IdentityProvider } from '../sign-in/identity-provider';

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
    private readonly users: UserRepository,
    private readonly foundTenant: FoundTenant,
    private readonly provider: IdentityProvider,
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
    await this.foundTenant.execute(
      tenant,
      async () => {
        await this.users.add(user);
        return user;
      },
      // What another provider has made, no rollback of ours takes back.
      () => this.provider.signUp({ email, password, name: user.name, prepared }),
    );
    return { user, tenant };
  }
}
