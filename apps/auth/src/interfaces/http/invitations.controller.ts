import { Body, Controller, Get, Header, Param, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Idempotent } from '@libs/http';
import { Authorize, CurrentPerson, Person, Public } from '@libs/security';
import { AcceptInvitation } from '../../application/members/accept-invitation';
import { DescribeInvitation } from '../../application/members/describe-invitation';
import { LimitAcceptance, linkOf } from './invitation-limits';
import { AcceptInvitationRequest } from './tenants.request';
import { JoinedResponse, OfferedInvitationResponse } from './tenants.response';

@ApiTags('invitations')
@Controller('invitations/:token')
export class InvitationsController {
  constructor(
    private readonly describeInvitation: DescribeInvitation,
    private readonly acceptInvitation: AcceptInvitation,
  ) {}

  @Get()
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'What an invitation offers, to whoever holds its link' })
  @ApiOkResponse({ type: OfferedInvitationResponse })
  @ApiNotFoundResponse({ description: '`invitation_not_found`: unknown, used, withdrawn or outdated' })
  async describe(@Param('token') token: string): Promise<OfferedInvitationResponse> {
    return OfferedInvitationResponse.of(await this.describeInvitation.execute(token));
  }

  @Post('accept')
  @Public()
  @LimitAcceptance()
  @Idempotent({ owner: linkOf })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Joins the tenant: a new person, or one whose e-mail has an account',
    description:
      'Nobody is signed in by it: sign in afterwards, with the second factor where there is one. At most 5 tries in any 15 min.',
  })
  @ApiCreatedResponse({ type: JoinedResponse })
  @ApiUnauthorizedResponse({ description: '`invalid_credentials`: not the password of that account' })
  @ApiForbiddenResponse({ description: '`tenant_suspended`' })
  @ApiNotFoundResponse({ description: '`invitation_not_found`' })
  @ApiConflictResponse({ description: '`already_a_member`' })
  @ApiUnprocessableEntityResponse({ description: '`weak_password`, `blank_name`' })
  async accept(
    @Param('token') token: string,
    @Body() { name, password }: AcceptInvitationRequest,
  ): Promise<JoinedResponse> {
    const invitee = { kind: 'password', name, password } as const;
    return JoinedResponse.of(await this.acceptInvitation.execute({ token, invitee }));
  }

  @Post('join')
  @Authorize({ scopes: [] })
  @Idempotent()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Joins the tenant as the signed-in person, whose e-mail must be the invited one' })
  @ApiCreatedResponse({ type: JoinedResponse })
  @ApiForbiddenResponse({ description: '`invitation_for_another`, `tenant_suspended`' })
  @ApiNotFoundResponse({ description: '`invitation_not_found`' })
  @ApiConflictResponse({ description: '`already_a_member`' })
  async join(@CurrentPerson() { userId }: Person, @Param('token') token: string): Promise<JoinedResponse> {
    const invitee = { kind: 'signed_in', userId } as const;
    return JoinedResponse.of(await this.acceptInvitation.execute({ token, invitee }));
  }
}
