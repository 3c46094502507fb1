import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Idempotent, isInstant, PageQuery, pageOf, readCursor, writeCursor } from '@libs/http';
import { isUuid, UserId } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import { ChangeMemberRole } from '../../application/members/change-member-role';
import { EndMemberSessions } from '../../application/members/end-member-sessions';
import { InviteMember } from '../../application/members/invite-member';
import { ListMembers } from '../../application/members/list-members';
import { RemoveMember } from '../../application/members/remove-member';
import { WithdrawInvitation } from '../../application/members/withdraw-invitation';
import { InvitationNotFound, MemberNotFound } from '../../domain/tenancy.errors';
import { LimitInvitations } from './invitation-limits';
import { ChangeRoleRequest, InviteMemberRequest } from './tenants.request';
import { InvitationResponse, InvitationsResponse, MemberResponse, MembersResponse } from './tenants.response';

@ApiTags('tenants')
@Controller('tenants/me')
export class MembersController {
  constructor(
    private readonly listMembers: ListMembers,
    private readonly inviteMember: InviteMember,
    private readonly changeMemberRole: ChangeMemberRole,
    private readonly removeMember: RemoveMember,
    private readonly endMemberSessions: EndMemberSessions,
    private readonly withdrawInvitation: WithdrawInvitation,
  ) {}

  @Get('members')
  @Authorize({ scopes: ['members:read'] })
  @ApiOperation({ summary: 'Who belongs to the tenant, in the order they joined' })
  @ApiOkResponse({ type: MembersResponse })
  async list(@Query() { limit, cursor }: PageQuery): Promise<MembersResponse> {
    const [joinedAt, userId] = cursor === undefined ? [] : readCursor(cursor, [isInstant, isUuid]);
    const after = joinedAt === undefined || userId === undefined ? undefined : { joinedAt, userId };
    const rows = await this.listMembers.execute({ limit: limit + 1, after });
    const page = pageOf(rows, limit, (last) => writeCursor([last.joinedAt.toISOString(), last.userId]));
    return { ...page, items: page.items.map((each) => MemberResponse.of(each)) };
  }

  @Post('members')
  @Authorize({ scopes: ['members:write'], stepUp: true })
  @LimitInvitations()
  @Idempotent()
  @ApiOperation({
    summary: 'Invites somebody by a one-time link, good for 7 days',
    description:
      'The link goes to the e-mail alone. An open invitation to the same e-mail is replaced. Only an owner invites owners.',
  })
  @ApiCreatedResponse({ type: InvitationResponse })
  @ApiForbiddenResponse({ description: '`owner_required`, `step_up_required`' })
  @ApiConflictResponse({ description: '`already_a_member`' })
  @ApiServiceUnavailableResponse({ description: '`mail_unavailable`: the same request may be sent again' })
  async invite(
    @CurrentPerson() { userId }: Person,
    @Body() { email, role }: InviteMemberRequest,
  ): Promise<InvitationResponse> {
    return InvitationResponse.of(await this.inviteMember.execute({ by: userId, email, role }));
  }

  @Patch('members/:userId')
  @Authorize({ scopes: ['members:write'], stepUp: true })
  @HttpCode(204)
  @ApiOperation({ summary: 'Gives a member another role; who may do less is signed out at once' })
  @ApiParam({ name: 'userId', format: 'uuid' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`owner_required`, `step_up_required`' })
  @ApiNotFoundResponse({ description: '`member_not_found`' })
  @ApiConflictResponse({ description: '`last_owner`' })
  async changeRole(
    @CurrentPerson() { userId: by }: Person,
    @Param('userId') userId: string,
    @Body() { role }: ChangeRoleRequest,
  ): Promise<void> {
    if (!isUuid(userId)) throw new MemberNotFound();
    await this.changeMemberRole.execute({ by, userId: userId as UserId, role });
  }

  @Delete('members/:userId')
  @Authorize({ scopes: ['members:write'], stepUp: true })
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a member, whose sessions in this tenant end at once' })
  @ApiParam({ name: 'userId', format: 'uuid' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`owner_required`, `step_up_required`' })
  @ApiNotFoundResponse({ description: '`member_not_found`' })
  @ApiConflictResponse({ description: '`last_owner`' })
  async remove(@CurrentPerson() { userId: by }: Person, @Param('userId') userId: string): Promise<void> {
    if (!isUuid(userId)) throw new MemberNotFound();
    await this.removeMember.execute({ by, userId: userId as UserId });
  }

  @Delete('members/:userId/sessions')
  @Authorize({ scopes: ['members:write'], stepUp: true })
  @HttpCode(204)
  @ApiOperation({
    summary: 'Signs a member out of this tenant: their tokens are refused everywhere within 1 s',
    description: 'The membership stays. Only an owner signs owners out.',
  })
  @ApiParam({ name: 'userId', format: 'uuid' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`owner_required`, `step_up_required`' })
  @ApiNotFoundResponse({ description: '`member_not_found`' })
  async signOut(@CurrentPerson() { userId: by }: Person, @Param('userId') userId: string): Promise<void> {
    if (!isUuid(userId)) throw new MemberNotFound();
    await this.endMemberSessions.execute({ by, userId: userId as UserId });
  }

  @Get('invitations')
  @Authorize({ scopes: ['members:read'] })
  @ApiOperation({ summary: 'Open invitations, the newest first' })
  @ApiOkResponse({ type: InvitationsResponse })
  async invitations(@Query() { limit, cursor }: PageQuery): Promise<InvitationsResponse> {
    const [createdAt, id] = cursor === undefined ? [] : readCursor(cursor, [isInstant, isUuid]);
    const after = createdAt === undefined || id === undefined ? undefined : { createdAt, id };
    const rows = await this.listMembers.invited({ limit: limit + 1, after });
    const page = pageOf(rows, limit, (last) => writeCursor([last.createdAt.toISOString(), last.id]));
    return { ...page, items: page.items.map((each) => InvitationResponse.of(each)) };
  }

  @Delete('invitations/:id')
  @Authorize({ scopes: ['members:write'], stepUp: true })
  @HttpCode(204)
  @ApiOperation({ summary: 'Withdraws an invitation: its link opens nothing from then on' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: '`invitation_not_found`' })
  async withdraw(@CurrentPerson() { userId: by }: Person, @Param('id') id: string): Promise<void> {
    if (!isUuid(id)) throw new InvitationNotFound();
    await this.withdrawInvitation.execute({ by, invitationId: id });
  }
}
