import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { Invitation } from '../../domain/invitation';
import { InvitationRepository } from '../../domain/invitation.repository';
import { InvitationNotFound } from '../../domain/tenancy.errors';
import { Tenant } from '../../domain/tenant';
import { TenantRepository } from '../../domain/tenant.repository';
import { UserRepository } from '../../domain/user.repository';
import { InvitationTokens } from './invitation-tokens';
import { inTenant } from '../tenants/tenant-work';

/** What a link offers, to whoever holds it. */
@Injectable()
export class DescribeInvitation {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly invitations: InvitationRepository,
    private readonly tokens: InvitationTokens,
    private readonly tenants: TenantRepository,
    private readonly users: UserRepository,
    private readonly clock: Clock,
  ) {}

  /** @returns also whether the e-mail has an account, whose password accepts then @throws InvitationNotFound */
  async execute(text: string): Promise<{ invitation: Invitation; tenant: Tenant; hasAccount: boolean }> {
    const token = this.tokens.read(text);
    if (!token) throw new InvitationNotFound();
    return inTenant(this.transaction, token.tenantId, async () => {
      const invitation = await this.invitations.findOpen(token.hash, this.clock.now());
      if (!invitation) throw new InvitationNotFound();
      const account = await this.users.findByEmail(invitation.email);
      return { invitation, tenant: await this.tenants.current(), hasAccount: account !== undefined };
    });
  }
}
