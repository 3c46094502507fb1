import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import { DescribeMe } from '../../application/sign-in/describe-me';
import { MeResponse } from './auth.response';

@ApiTags('auth')
@Controller()
export class MeController {
  constructor(private readonly describeMe: DescribeMe) {}

  @Get(['auth/me', 'users/me'])
  @Authorize({ scopes: [] })
  @ApiOperation({ summary: 'Who the caller is, in which tenant, and what they may do' })
  @ApiOkResponse({ type: MeResponse })
  async me(@CurrentPerson() { tenantId, userId, sessionId }: Person): Promise<MeResponse> {
    return MeResponse.of(await this.describeMe.execute({ tenantId, userId, sessionId }));
  }
}
