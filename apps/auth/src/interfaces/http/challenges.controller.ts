import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Authorize, CurrentPerson, HostTenant, KnownTenant, Person, Public } from '@libs/security';
import { FastifyRequest } from 'fastify';
import { AnswerChallenge } from '../../application/sign-in/answer-challenge';
import { StepUp } from '../../application/sign-in/step-up';
import { AuthenticationMethod } from '../../domain/session';
import { LimitAnswers, LimitByPerson } from './guess-limits';
import { originOf } from './origin';
import { ChallengeRequest, MfaRequest, StepUpRequest } from './sign-in.request';
import { SignInResponse } from './sign-in.response';

const ENDED =
  '`challenge_ended`: unknown, used up, answered before, older than 300 s, or on another tenant’s host; `wrong_code`';

@ApiTags('auth')
@Controller('auth')
export class ChallengesController {
  constructor(
    private readonly answerChallenge: AnswerChallenge,
    private readonly stepUp: StepUp,
  ) {}

  @Post('mfa')
  @Public()
  @LimitAnswers()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Answers a sign-in that asks for a second factor',
    description: 'One answer at a time; five in all. A code and a recovery code are good once.',
  })
  @ApiOkResponse({ type: SignInResponse })
  @ApiUnauthorizedResponse({ description: ENDED })
  async mfa(
    @Body() { challengeId, code }: MfaRequest,
    @Req() request: FastifyRequest,
    @HostTenant() only?: KnownTenant,
  ): Promise<SignInResponse> {
    const origin = originOf(request);
    return SignInResponse.of(
      await this.answerChallenge.execute({ challengeId, answer: { code }, only, origin }),
    );
  }

  @Post('challenge')
  @Public()
  @LimitAnswers()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Answers any challenge: a new password, an authenticator set up, a choice, a code',
    description:
      '`{password}` for NEW_PASSWORD_REQUIRED, `{code}` for MFA_SETUP and the MFA challenges, `{choice}` for SELECT_MFA_TYPE.',
  })
  @ApiOkResponse({ type: SignInResponse })
  @ApiUnauthorizedResponse({ description: ENDED })
  @ApiUnprocessableEntityResponse({ description: '`weak_password`' })
  async challenge(
    @Body() { challengeId, code, password, choice }: ChallengeRequest,
    @Req() request: FastifyRequest,
    @HostTenant() only?: KnownTenant,
  ): Promise<SignInResponse> {
    const answer = { code, password, choice };
    const origin = originOf(request);
    return SignInResponse.of(await this.answerChallenge.execute({ challengeId, answer, only, origin }));
  }

  @Post('step-up')
  @Authorize({ scopes: [] })
  @LimitByPerson('step-up')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Proves again who the caller is, for routes that answer `step_up_required`',
    description:
      'The same session with a fresh `auth_time`: use the new access token; the refresh token stays as it is. By password a challenge follows where there is a second factor; a code of the authenticator app does alone.',
  })
  @ApiOkResponse({ type: SignInResponse })
  @ApiUnauthorizedResponse({ description: '`invalid_credentials`, `wrong_code`, `challenge_ended`' })
  @ApiConflictResponse({ description: '`no_authenticator`: give the password' })
  async again(
    @CurrentPerson() person: Person,
    @Body() { password, code }: StepUpRequest,
    @Req() request: FastifyRequest,
  ): Promise<SignInResponse> {
    const methods = person.methods as readonly AuthenticationMethod[];
    const origin = originOf(request);
    const { tenantId, userId, sessionId } = person;
    const session = { tenantId, userId, sessionId };
    const outcome = await this.stepUp.execute({ session, methods, password, code, origin });
    return SignInResponse.of(outcome, person.email);
  }
}
