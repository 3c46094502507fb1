import { Injectable } from '@nestjs/common';
import { InvalidCredentials } from '../domain/auth.errors';
import { foldEmail } from '../domain/email';
import { normalisePassword } from '../domain/password';
import { Origin } from '../domain/session';
import { UserRepository } from '../domain/user.repository';
import { TokenPair } from './access-tokens';
import { OpenSession } from './open-session';
import { PasswordHasher } from './password-hasher';

export interface Credentials {
  email: string;
  password: string;
  /** Subdomain; needed only by who belongs to several tenants. */
  tenant?: string;
  origin: Origin;
}

@Injectable()
export class Login {
  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly openSession: OpenSession,
  ) {}

  /** @throws InvalidCredentials, TenantRequired, NotAMember, TenantSuspended, PasswordChecksBusy */
  async execute({ email, password, tenant, origin }: Credentials): Promise<TokenPair> {
    // One look-up and one verification on every path: an unknown account must not answer sooner.
    const user = await this.users.findByEmail(foldEmail(email));
    const matches = await this.hasher.verify(normalisePassword(password), user?.passwordHash);
    if (!user || !matches) throw new InvalidCredentials();
    return this.openSession.execute({ user, subdomain: tenant, origin, methods: ['pwd'] });
  }
}
