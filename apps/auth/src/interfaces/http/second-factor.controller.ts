import { Body, Controller, Delete, Header, HttpCode, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import { ActingSession, IdentityProvider } from '../../application/sign-in/identity-provider';
import { RemoveTotp } from '../../application/sign-in/remove-totp';
import { RenewRecoveryCodes } from '../../application/sign-in/renew-recovery-codes';
import { VerifyTotp } from '../../application/sign-in/verify-totp';
import { authenticatorQr } from './authenticator-qr';
import { LimitByPerson } from './guess-limits';
import { TotpCodeRequest } from './sign-in.request';
import { RecoveryCodesResponse, TotpEnrolmentResponse } from './sign-in.response';

const OUTDATED = '`challenge_ended`: the session is from before the password or a second factor changed';

@ApiTags('auth')
@Controller('auth/mfa')
export class SecondFactorController {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly verifyTotp: VerifyTotp,
    private readonly removeTotp: RemoveTotp,
    private readonly renewRecoveryCodes: RenewRecoveryCodes,
  ) {}

  @Post('totp')
  @Authorize({ scopes: [], stepUp: true })
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Starts enrolling an authenticator app',
    description: 'Nothing changes until a code of it is verified, within 15 min; a former app stays good.',
  })
  @ApiOkResponse({ type: TotpEnrolmentResponse })
  async begin(@CurrentPerson() person: Person): Promise<TotpEnrolmentResponse> {
    const { secret } = await this.provider.beginTotp(sessionOf(person));
    return { secret, ...(await authenticatorQr(secret, person.email)) };
  }

  @Post('totp/verify')
  @Authorize({ scopes: [] })
  @LimitByPerson('totp-verify')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Makes the enrolled app the second factor of every sign-in',
    description: 'Every other session of the person ends.',
  })
  @ApiOkResponse({ type: RecoveryCodesResponse })
  @ApiUnauthorizedResponse({ description: `\`wrong_code\`; ${OUTDATED}` })
  @ApiConflictResponse({ description: '`no_totp_enrolment`' })
  async verify(
    @CurrentPerson() person: Person,
    @Body() { code }: TotpCodeRequest,
  ): Promise<RecoveryCodesResponse> {
    return { recoveryCodes: await this.verifyTotp.execute(sessionOf(person), code) };
  }

  @Delete('totp')
  @Authorize({ scopes: [], stepUp: true })
  @HttpCode(204)
  @ApiOperation({
    summary: 'Gives up the authenticator app and the recovery codes; every other session ends',
  })
  @ApiNoContentResponse()
  @ApiUnauthorizedResponse({ description: OUTDATED })
  @ApiConflictResponse({ description: '`second_factor_required`: a tenant of the person asks for one' })
  async remove(@CurrentPerson() person: Person): Promise<void> {
    await this.removeTotp.execute(sessionOf(person));
  }

  @Post('recovery-codes')
  @Authorize({ scopes: [], stepUp: true })
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'New recovery codes instead of all former ones; every other session ends' })
  @ApiOkResponse({ type: RecoveryCodesResponse })
  @ApiUnauthorizedResponse({ description: OUTDATED })
  @ApiConflictResponse({ description: '`no_totp_enrolment`' })
  async renew(@CurrentPerson() person: Person): Promise<RecoveryCodesResponse> {
    return { recoveryCodes: await this.renewRecoveryCodes.execute(sessionOf(person)) };
  }
}

function sessionOf({ tenantId, userId, sessionId }: Person): ActingSession {
  return { tenantId, userId, sessionId };
}
