import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { EmailTaken } from '../../domain/auth.errors';
import { normaliseEmail } from '../../domain/email';
import {
  AccountExists,
  EmailNotVerified,
  GoogleSignInUnavailable,
  RegistrationNeeded,
} from '../../domain/google.errors';
import { Identity, IdentityRepository } from '../../domain/identity.repository';
import { Tenant } from '../../domain/tenant';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { AcceptInvitation } from '../members/accept-invitation';
import { FoundTenant } from '../tenants/found-tenant';
import { IdentityProvider } from '../sign-in/identity-provider';
import { VouchedPerson } from './openid-provider';

const LONGEST_NAME = 120;

/** Why somebody new may come in. */
interface Occasion {
  newTenant?: { name: string; subdomain: string };
  invitation?: string;
}

interface Found {
  user: User;
  /** The subdomain of the tenant that was founded or joined just now. */
  joined?: string;
}

/**
 * Whom Google vouches for, among our users: the one linked to (iss, sub), or somebody new. An e-mail alone never makes
 * an existing account theirs: whoever owned the address before, or owns it later, would own the account.
 */
@Injectable()
export class PersonByGoogle {
  constructor(
    private readonly identities: IdentityRepository,
    private readonly users: UserRepository,
    private readonly foundTenant: FoundTenant,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly provider: IdentityProvider,
    private readonly clock: Clock,
  ) {}

  /** @throws AccountExists, EmailNotVerified, GoogleSignInUnavailable, RegistrationNeeded, and what founding and accepting throw */
  async find(person: VouchedPerson, occasion: Occasion): Promise<Found> {
    const known = await this.linked(person);
    if (known) return this.knownPerson(known, person, occasion);
    try {
      return await this.newPerson(person, occasion);
    } catch (error) {
      if (!(error instanceof EmailTaken)) throw error;
      // of two first sign-ins at once one made the account; it may be this very person's
      const twin = await this.linked(person);
      if (twin) return { user: twin };
      throw new AccountExists();
    }
  }

  private async linked(identity: Identity): Promise<User | undefined> {
    const userId = await this.identities.find(identity);
    // Before anything is done for them: they may have been linked while another provider was in charge.
    if (userId && (await this.provider.keepsSecondFactorOf(userId))) throw new GoogleSignInUnavailable();
    return userId && this.users.find(userId);
  }

  private async knownPerson(user: User, person: VouchedPerson, { invitation }: Occasion): Promise<Found> {
    if (invitation === undefined) return { user };
    const email = provenEmail(person);
    return this.accept(invitation, email, async () => user);
  }

  private async newPerson(person: VouchedPerson, { newTenant, invitation }: Occasion): Promise<Found> {
    const email = provenEmail(person);
    if (await this.users.findByEmail(email)) throw new AccountExists();
    const register = () => this.register(person, email);
    if (invitation !== undefined) return this.accept(invitation, email, register);
    if (newTenant === undefined) throw new RegistrationNeeded();
    const tenant = Tenant.found({ ...newTenant, now: this.clock.now() });
    const user = await this.foundTenant.execute(tenant, register);
    return { user, joined: tenant.snapshot().subdomain };
  }

  private async accept(token: string, email: string, user: () => Promise<User>): Promise<Found> {
    const joined = await this.acceptInvitation.execute({ token, invitee: { kind: 'proven', email, user } });
    return { user: joined.user, joined: joined.tenant.snapshot().subdomain };
  }

  /** In the transaction of the founding or the joining: an account without its link could never be entered. */
  private async register(person: VouchedPerson, email: string): Promise<User> {
    const now = this.clock.now();
    const name = person.name?.trim().slice(0, LONGEST_NAME) || email.slice(0, email.lastIndexOf('@'));
    const user = User.register({ email, name, now });
    await this.users.add(user);
    await this.users.settle(user.id, now);
    const { issuer, subject } = person;
    await this.identities.link({ issuer, subject }, user.id, now);
    return user;
  }
}

function provenEmail({ email, emailVerified }: VouchedPerson): string {
  if (!email || !emailVerified) throw new EmailNotVerified();
  return normaliseEmail(email);
}
