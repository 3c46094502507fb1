import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Authorize, CurrentPerson, Person, Public } from '@libs/security';
import { ChangePassword } from '../../application/sign-in/change-password';
import { IdentityProvider } from '../../application/sign-in/identity-provider';
import { ResetPassword } from '../../application/sign-in/reset-password';
import { LimitByAccount, LimitByPerson } from './guess-limits';
import { ChangePasswordRequest, ConfirmRequest, EmailRequest, ResetPasswordRequest } from './sign-in.request';

const SAYS_NOTHING = 'The same answer, as soon, whether or not there is such an account.';

@ApiTags('auth')
@Controller('auth')
export class PasswordsController {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly resetPassword: ResetPassword,
    private readonly changePassword: ChangePassword,
  ) {}

  @Post('confirm')
  @Public()
  @LimitByAccount('confirm')
  @HttpCode(204)
  @ApiOperation({ summary: 'Confirms an e-mail by the code that was sent there' })
  @ApiNoContentResponse()
  @ApiUnauthorizedResponse({ description: '`invalid_credentials`: the code is right, the password is not' })
  @ApiUnprocessableEntityResponse({ description: '`confirmation_failed`, for an unknown account too' })
  async confirm(@Body() body: ConfirmRequest): Promise<void> {
    await this.provider.confirmSignUp(body);
  }

  @Post('confirm/resend')
  @Public()
  @LimitByAccount('confirm-resend')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sends the code again', description: SAYS_NOTHING })
  @ApiNoContentResponse()
  async resend(@Body() { email }: EmailRequest): Promise<void> {
    await this.provider.resendConfirmation(email);
  }

  @Post('password/forgot')
  @Public()
  @LimitByAccount('password-forgot')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sends a code that resets the password', description: SAYS_NOTHING })
  @ApiNoContentResponse()
  async forgot(@Body() { email }: EmailRequest): Promise<void> {
    await this.provider.forgotPassword(email);
  }

  @Post('password/reset')
  @Public()
  @LimitByAccount('password-reset')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Sets a new password by the code of the mail',
    description:
      'Every session of the person ends. A second factor stays as it is, but for an account whose mailbox and password were never shown to be in one hand: there it goes, and what was linked goes with it.',
  })
  @ApiNoContentResponse()
  @ApiUnprocessableEntityResponse({
    description: '`confirmation_failed`, for an unknown account too; `weak_password`',
  })
  async reset(@Body() { email, code, password }: ResetPasswordRequest): Promise<void> {
    await this.resetPassword.execute({ email, code, password });
  }

  @Post('password/change')
  @Authorize({ scopes: [], stepUp: true })
  @LimitByPerson('password-change')
  @HttpCode(204)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Changes the password; every other session ends' })
  @ApiNoContentResponse()
  @ApiUnauthorizedResponse({
    description:
      '`invalid_credentials`: the current one is wrong; `challenge_ended`: this session is of former credentials',
  })
  @ApiUnprocessableEntityResponse({ description: '`weak_password`' })
  async change(@CurrentPerson() person: Person, @Body() body: ChangePasswordRequest): Promise<void> {
    const { tenantId, userId, sessionId } = person;
    const passwords = { current: body.currentPassword, next: body.newPassword };
    await this.changePassword.execute({ tenantId, userId, sessionId }, passwords);
  }
}
