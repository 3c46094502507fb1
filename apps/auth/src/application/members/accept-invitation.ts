import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction, UserId } from '@libs/kernel';
import { BlankName, TenantSuspended } from '../../domain/auth.errors';
import { foldEmail } from '../../domain/email';
import { Invitation } from '../../domain/invitation';
import { InvitationRepository } from '../../domain/invitation.repository';
import { MembershipRepository } from '../../domain/membership.repository';
import { choosePassword } from '../../domain/password';
import { Role } from '../../domain/role';
import { InvitationForAnother, InvitationNotFound } from '../../domain/tenancy.errors';
import { Tenant, TenantState } from '../../domain/tenant';
import { TenantRepository } from '../../domain/tenant.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { AuditLog } from '../audit/audit-log';
import { IdentityProvider } from '../sign-in/identity-provider';
import { InvitationToken, InvitationTokens } from './invitation-tokens';
import { inTenant } from '../tenants/tenant-work';

/** Who takes up an invitation. */
export type Invitee =
  /** By a password: a new one with a name, or that of the account which the e-mail already has. */
  | { kind: 'password'; password: string; name?: string }
  /** Whose e-mail is looked up now: the access token may know an old one. */
  | { kind: 'signed_in'; userId: UserId }
  /**
   * Proven by another provider's word that the e-mail is theirs. `user` runs in the transaction of the joining and may
   * add the user's rows.
   */
  | { kind: 'proven'; email: string; user: () => Promise<User> };

export interface Joined {
  user: User;
  tenant: Tenant;
  role: Role;
  /** False where the identity provider wants the e-mail confirmed by a code first. */
  confirmed: boolean;
}

/** A person joins a tenant by a one-time link. Nobody is signed in by it: the link alone opens no session. */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly invitations: InvitationRepository,
    private readonly tokens: InvitationTokens,
    private readonly users: UserRepository,
    private readonly tenants: TenantRepository,
    private readonly memberships: MembershipRepository,
    private readonly identities: IdentityProvider,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws InvitationNotFound, InvitationForAnother, AlreadyAMember, TenantSuspended, BlankName, WeakPassword,
   *   InvalidCredentials, PasswordChecksBusy, and what the identity provider throws
   */
  async execute(input: { token: string; invitee: Invitee }): Promise<Joined> {
    const token = this.tokens.read(input.token);
    if (!token) throw new InvitationNotFound();
    const { invitee } = input;
    if (invitee.kind === 'proven')
      return this.join(token, async (invitation) => {
        if (foldEmail(invitee.email) !== invitation.email) throw new InvitationForAnother();
        return { user: await invitee.user(), confirmed: true };
      });
    if (invitee.kind === 'signed_in') return this.join(token, (it) => this.signedIn(it, invitee.userId));
    const { email, tenant } = await this.offered(token);
    const account = await this.users.findByEmail(email);
    if (account) return this.joinWithAccount(token, account, invitee.password);
    const { name } = invitee;
    if (name === undefined) throw new BlankName('name');
    const password = choosePassword(invitee.password, [email, name, tenant.name, tenant.subdomain]);
    const prepared = await this.identities.prepareSignUp(password);
    return this.join(token, (invitation) => this.newPerson(invitation, { name, password, prepared }));
  }

  private async offered(token: InvitationToken): Promise<{ email: string; tenant: TenantState }> {
    return inTenant(this.transaction, token.tenantId, async () => {
      const invitation = await this.invitations.findOpen(token.hash, this.clock.now());
      if (!invitation) throw new InvitationNotFound();
      return { email: invitation.email, tenant: (await this.tenants.current()).snapshot() };
    });
  }

  private async joinWithAccount(token: InvitationToken, account: User, password: string): Promise<Joined> {
    // The right password is enough, whatever a sign-in asks for next: this gives a membership and no tokens.
    await this.identities.signIn({ email: account.email, password });
    return this.join(token, async () => {
      await this.users.settle(account.id, this.clock.now()); // the link was sent there
      return { user: account, confirmed: true };
    });
  }

  private join(
    token: InvitationToken,
    personOf: (invitation: Invitation) => Promise<{ user: User; confirmed: boolean }>,
  ): Promise<Joined> {
    const now = this.clock.now();
    const { tenantId } = token;
    return inTenant(this.transaction, tenantId, async () => {
      // First of all: of many who come with one link, all but one wait here and find it used.
      const invitation = await this.invitations.take(token.hash, now);
      if (!invitation) throw new InvitationNotFound();
      const tenant = await this.tenants.current();
      if (tenant.snapshot().status !== 'active') throw new TenantSuspended();
      const { role, id, invitedBy } = invitation;
      const { user, confirmed } = await personOf(invitation);
      await this.memberships.add(tenantId, user.id, role, now);
      await this.audit.record({
        tenantId,
        action: 'member.joined',
        actor: { kind: 'person', id: user.id },
        target: user.id,
        details: { role, invitation: id, invitedBy },
      });
      await this.outbox.add([user.joined(tenantId, role, now)]);
      return { user, tenant, role, confirmed };
    });
  }

  private async signedIn({ email }: Invitation, userId: UserId): Promise<{ user: User; confirmed: boolean }> {
    const user = await this.users.find(userId);
    if (user?.email !== email) throw new InvitationForAnother();
    await this.users.settle(user.id, this.clock.now()); // the link was sent there
    return { user, confirmed: true };
  }

  private async newPerson(
    { email }: Invitation,
    person: { name: string; password: string; prepared?: string },
  ): Promise<{ user: User; confirmed: boolean }> {
    const { name } = person;
    const made = await this.identities.signUp({ ...person, email, emailProven: true });
    const user = User.register({
      email,
      name,
      passwordHash: made.passwordHash,
      now: this.clock.now(),
    });
    await this.users.add(user);
    if (made.confirmed) await this.users.settle(user.id, this.clock.now()); // they came by a link sent there
    return { user, confirmed: made.confirmed };
  }
}
