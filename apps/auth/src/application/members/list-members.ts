import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { Invitation } from '../../domain/invitation';
import { InvitationRepository } from '../../domain/invitation.repository';
import { ListedMember, MemberReader } from './member.reader';

/** Who belongs to the tenant, and who was asked to. */
@Injectable()
export class ListMembers {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly members: MemberReader,
    private readonly invitations: InvitationRepository,
    private readonly clock: Clock,
  ) {}

  execute(page: { limit: number; after?: { joinedAt: string; userId: string } }): Promise<ListedMember[]> {
    return this.transaction.run(() => this.members.page(page));
  }

  /** Open invitations, the newest first. */
  invited(page: { limit: number; after?: { createdAt: string; id: string } }): Promise<Invitation[]> {
    return this.transaction.run(() => this.invitations.page({ ...page, now: this.clock.now() }));
  }
}
