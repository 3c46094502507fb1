import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Idempotent } from '@libs/http';
import { Authorize, CurrentPerson, HostTenant, KnownTenant, Person, Public } from '@libs/security';
import { FastifyRequest } from 'fastify';
import { EndSession } from '../../application/sessions/end-session';
import { Login } from '../../application/sign-in/login';
import { LogoutEverywhere } from '../../application/sessions/logout-everywhere';
import { RefreshSession } from '../../application/sessions/refresh-session';
import { Register } from '../../application/tenants/register';
import { accountOf } from './account-of';
import { LoginRequest, RefreshRequest, RegisterRequest } from './auth.request';
import { RegisteredResponse, SignedInResponse, TenantResponse, UserResponse } from './auth.response';
import { LimitLogins } from './login-limits';
import { LimitRegistrations } from './registration-limit';
import { originOf } from './origin';
import { SignInResponse } from './sign-in.response';
import { tenantToEnter } from './tenant-to-enter';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly registerTenant: Register,
    private readonly loginWithPassword: Login,
    private readonly refreshSession: RefreshSession,
    private readonly endSession: EndSession,
    private readonly logoutEverywhere: LogoutEverywhere,
  ) {}

  @Post('register')
  @Public()
  @LimitRegistrations()
  @Idempotent({ owner: accountOf })
  @ApiOperation({
    summary: 'Registers a company and its owner',
    description: 'At most 20 in any hour per address.',
  })
  @ApiCreatedResponse({ type: RegisteredResponse })
  @ApiConflictResponse({ description: '`email_taken`, `subdomain_taken`' })
  @ApiUnprocessableEntityResponse({
    description:
      '`malformed_email`, `weak_password`, `blank_name`, `invalid_subdomain`, `reserved_subdomain`',
  })
  async register(@Body() body: RegisterRequest): Promise<RegisteredResponse> {
    const { user, tenant } = await this.registerTenant.execute(body);
    return { user: UserResponse.of(user), tenant: TenantResponse.of(tenant) };
  }

  @Post('login')
  @Public()
  @LimitLogins()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Signs in with e-mail and password',
    description:
      'At most 5 tries in any 15 min per address and per account, right or wrong. On a tenant’s own host the sign-in is to that tenant.',
  })
  @ApiOkResponse({
    type: SignInResponse,
    description: 'Tokens, or a challenge for POST /auth/mfa or /auth/challenge.',
  })
  @ApiUnauthorizedResponse({ description: '`invalid_credentials`, for an unknown account too' })
  @ApiForbiddenResponse({
    description:
      '`not_a_member`, `tenant_suspended`, `email_not_confirmed`, `password_reset_required`; `second_factor_required`, with Cognito; `wrong_host`: the host is nobody’s, or not that of `tenant`',
  })
  @ApiUnprocessableEntityResponse({ description: '`tenant_required`: name one in `tenant`' })
  async login(
    @Body() body: LoginRequest,
    @Req() request: FastifyRequest,
    @HostTenant() host?: KnownTenant,
  ): Promise<SignInResponse> {
    const { email, username = '', password } = body;
    const tenant = tenantToEnter(host, body.tenant);
    const credentials = { email: email ?? username, password, tenant, origin: originOf(request) };
    return SignInResponse.of(await this.loginWithPassword.execute(credentials), credentials.email);
  }

  @Post('refresh')
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Exchanges a refresh token for a new pair',
    description:
      'A token is good once. Within 10 s its exchange may be repeated and gives the same successor; later, or once the successor was used, the whole session ends.',
  })
  @ApiOkResponse({ type: SignedInResponse })
  @ApiUnauthorizedResponse({
    description:
      '`invalid_refresh_token`, also on another tenant’s host; `refresh_token_reused`; `second_factor_required`: the tenant asks for one by now',
  })
  async refresh(
    @Body() { refreshToken }: RefreshRequest,
    @Req() request: FastifyRequest,
    @HostTenant() host?: KnownTenant,
  ): Promise<SignedInResponse> {
    const presented = { refreshToken, only: host?.id, origin: originOf(request) };
    return SignedInResponse.of(await this.refreshSession.execute(presented));
  }

  @Post('logout')
  @Authorize({ scopes: [] })
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends this session: its access token is refused everywhere within 1 s' })
  @ApiNoContentResponse()
  async logout(@CurrentPerson() { tenantId, userId, sessionId }: Person): Promise<void> {
    await this.endSession.execute({ tenantId, userId, sessionId, reason: 'logout' });
  }

  @Post('logout-all')
  @Authorize({ scopes: [] })
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends every session of this person' })
  @ApiNoContentResponse()
  async logoutAll(@CurrentPerson() { tenantId, userId, sessionId }: Person): Promise<void> {
    await this.logoutEverywhere.execute({ tenantId, userId, sessionId });
  }
}
