import { Body, Controller, Delete, Get, Header, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Authorize, CurrentPerson, HostTenant, KnownTenant, Person, Public, WrongHost } from '@libs/security';
import { FastifyReply, FastifyRequest } from 'fastify';
import { BeginGoogleSignIn } from '../../application/google/begin-google-sign-in';
import { FLOW_SECONDS } from '../../application/google/google-flows';
import { LinkGoogle } from '../../application/google/link-google';
import { ReturnFromGoogle } from '../../application/google/return-from-google';
import { SignInByGoogle } from '../../application/google/sign-in-by-google';
import { UnlinkGoogle } from '../../application/google/unlink-google';
import { readCookie, setCookie, signInCookieName } from './browser-cookie';
import { BeginGoogleQuery, GoogleCodeRequest, GoogleTokenRequest } from './google.request';
import { originOf } from './origin';
import { LimitRegistrations } from './registration-limit';
import { SignInResponse } from './sign-in.response';
import { tenantToEnter } from './tenant-to-enter';

/** What the controller must know of the set-up. */
export abstract class GoogleEntrance {
  /** Whether browsers reach the callback by https. */
  abstract readonly secure: boolean;
}

const NOT_CONFIGURED = { description: '`google_not_configured`' };

/** Sign-in with Google: two routes for the browser, two for the frontend. No token is ever in a URL. */
@ApiTags('auth')
@Controller('auth/google')
export class GoogleController {
  constructor(
    private readonly begin: BeginGoogleSignIn,
    private readonly returnFromGoogle: ReturnFromGoogle,
    private readonly signIn: SignInByGoogle,
    private readonly linkGoogle: LinkGoogle,
    private readonly unlinkGoogle: UnlinkGoogle,
    private readonly entrance: GoogleEntrance,
  ) {}

  @Get()
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Sends the browser to Google',
    description:
      'To be navigated to, not fetched: it leaves a cookie that the way back needs. At the end the browser is at `returnTo` with `code` or `error`.',
  })
  @ApiResponse({ status: 303, description: 'To Google.' })
  @ApiNotFoundResponse(NOT_CONFIGURED)
  @ApiUnprocessableEntityResponse({ description: '`return_to_refused`' })
  async start(
    @Query() query: BeginGoogleQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { url, flow } = await this.begin.execute(query);
    const { secure } = this.entrance;
    const name = signInCookieName(flow.state, secure);
    const cookie = setCookie({ name, value: flow.browserSecret, maxAgeSeconds: FLOW_SECONDS, secure });
    void reply.code(303).header('set-cookie', cookie).header('location', url);
  }

  @Get('callback')
  @Public()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Where Google sends the browser back', description: 'For nobody else.' })
  @ApiQuery({ name: 'state', required: true })
  @ApiQuery({ name: 'code', required: false })
  @ApiQuery({ name: 'error', required: false })
  @ApiResponse({
    status: 303,
    description:
      'To `returnTo`, with `code`; or with `error`: access_denied, google_sign_in_refused, identity_provider_unavailable.',
  })
  @ApiResponse({ status: 400, description: '`google_state_unknown`' })
  async callback(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    // as it came: the provider may add what it likes, and what comes twice must be seen twice
    const answer = new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'));
    const { secure } = this.entrance;
    const name = signInCookieName(answer.get('state') ?? '', secure);
    const location = await this.returnFromGoogle.execute(answer, readCookie(request.headers.cookie, name));
    const forget = setCookie({ name, value: '', maxAgeSeconds: 0, secure });
    void reply.code(303).header('set-cookie', forget).header('location', location);
  }

  @Post('token')
  @Public()
  @LimitRegistrations((body) => (body as { newTenant?: unknown } | undefined)?.newTenant !== undefined)
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Exchanges the code of a Google sign-in for tokens',
    description:
      'Needs the verifier of the `codeChallenge` that the sign-in began with. Somebody new sends `newTenant` or `invitation` along; refused for those, the same code may be sent again with others, five times in all.',
  })
  @ApiOkResponse({ type: SignInResponse })
  @ApiUnauthorizedResponse({ description: '`invalid_google_code`' })
  @ApiForbiddenResponse({
    description:
      '`google_sign_in_unavailable`, `email_not_verified`, `not_a_member`, `tenant_suspended`, `wrong_host`, `invitation_for_another`',
  })
  @ApiConflictResponse({ description: '`account_exists`: sign in, then link; `subdomain_taken`' })
  @ApiUnprocessableEntityResponse({
    description: '`registration_needed`, `tenant_required`, `invalid_subdomain`, `return_to_refused`',
  })
  async token(
    @Body() body: GoogleTokenRequest,
    @Req() request: FastifyRequest,
    @HostTenant() host: KnownTenant | undefined,
  ): Promise<SignInResponse> {
    // a company is founded on the platform's ground; on a tenant's own host nobody could enter it
    if (host && body.newTenant) throw new WrongHost();
    const outcome = await this.signIn.execute({
      ...body,
      tenant: tenantToEnter(host, body.tenant),
      hostTenant: host?.subdomain,
      origin: originOf(request),
    });
    return SignInResponse.of(outcome);
  }

  @Post('link')
  @Authorize({ scopes: [], stepUp: true })
  @HttpCode(204)
  @ApiOperation({
    summary: 'Makes a Google account a way to sign in to this account',
    description:
      'With the code of a sign-in that began with `purpose=link`. The e-mail of the account must be confirmed, or be the one that Google verified.',
  })
  @ApiNoContentResponse()
  @ApiUnauthorizedResponse({ description: '`invalid_google_code`' })
  @ApiForbiddenResponse({ description: '`email_not_confirmed`, `step_up_required`' })
  @ApiConflictResponse({
    description:
      '`identity_linked_elsewhere`; `google_link_unavailable`: another provider proves this account',
  })
  async link(@Body() body: GoogleCodeRequest, @CurrentPerson() person: Person): Promise<void> {
    await this.linkGoogle.execute(person, body);
  }

  @Delete('link')
  @Authorize({ scopes: [], stepUp: true })
  @HttpCode(204)
  @ApiOperation({ summary: 'Gives up signing in by Google; every other session ends' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: '`google_not_linked`' })
  @ApiConflictResponse({ description: '`only_way_in`: choose a password first' })
  async unlink(@CurrentPerson() person: Person): Promise<void> {
    await this.unlinkGoogle.execute(person);
  }
}
