import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { check, IsText, MayBeAbsent } from '@libs/http';
import { Challenge } from '../../application/sign-in/identity-provider';
import { IsSecretText, LONGEST_PASSWORD } from './auth.request';

// Cognito's own kinds; what may be chosen from, the challenge says.
const CHOICES: readonly Challenge[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'];

function IsCode(): PropertyDecorator {
  return IsText({ max: 64, example: '492039' });
}

function IsEmail(): PropertyDecorator {
  return IsText({ max: 254, format: 'email', example: 'dona@estrela.example' });
}

function IsChallengeId(): PropertyDecorator {
  return IsText({
    max: 128,
    example: 'q1V9…',
    description: 'As the step before gave it; opaque, good for 300 s and 5 tries.',
  });
}

export class MfaRequest {
  @IsChallengeId()
  challengeId!: string;

  @IsText({
    max: 64,
    example: '492039',
    description: 'Of the authenticator app or the SMS; or a recovery code in place of it.',
  })
  code!: string;
}

export class ChallengeRequest {
  @IsChallengeId()
  challengeId!: string;

  @MayBeAbsent()
  @IsText({
    max: 64,
    required: false,
    example: '492039',
    description: 'For MFA_SETUP and the MFA challenges.',
  })
  code?: string;

  @ApiPropertyOptional({ format: 'password', description: 'For NEW_PASSWORD_REQUIRED.' })
  @MayBeAbsent()
  @IsSecretText('password', LONGEST_PASSWORD)
  password?: string;

  @ApiPropertyOptional({ enum: CHOICES, description: 'For SELECT_MFA_TYPE.' })
  @MayBeAbsent()
  @check(
    'choice',
    undefined,
    (value) => CHOICES.includes(value as Challenge),
    `must be one of ${CHOICES.join(', ')}`,
  )
  choice?: Challenge;
}

export class StepUpRequest {
  @ApiPropertyOptional({ format: 'password', example: 'correto cavalo bateria grampo' })
  @ValidateIf((body: StepUpRequest) => body.password !== undefined || body.code === undefined)
  @IsSecretText('password', LONGEST_PASSWORD)
  password?: string;

  @MayBeAbsent()
  @IsText({
    max: 64,
    required: false,
    example: '492039',
    description: 'Of the authenticator app, or a recovery code; in place of the password.',
  })
  code?: string;
}

export class TotpCodeRequest {
  @IsCode()
  code!: string;
}

export class EmailRequest {
  @IsEmail()
  email!: string;
}

class MailedCodeRequest extends EmailRequest {
  @IsText({ max: 64, example: '7K3M-Q9XT-2WBR', description: 'The one of the mail.' })
  code!: string;
}

export class ConfirmRequest extends MailedCodeRequest {
  @ApiPropertyOptional({
    format: 'password',
    description:
      'Of the account, to show that who receives its mail is who registered it. Without it, the first reset of the password takes second factor and linked accounts away.',
  })
  @MayBeAbsent()
  @IsSecretText('password', LONGEST_PASSWORD)
  password?: string;
}

export class ResetPasswordRequest extends MailedCodeRequest {
  @ApiProperty({ format: 'password', minLength: 8, maxLength: 128, description: 'The new one.' })
  @IsSecretText('password', LONGEST_PASSWORD)
  password!: string;
}

export class ChangePasswordRequest {
  @ApiProperty({ format: 'password' })
  @IsSecretText('currentPassword', LONGEST_PASSWORD)
  currentPassword!: string;

  @ApiProperty({ format: 'password', minLength: 8, maxLength: 128 })
  @IsSecretText('newPassword', LONGEST_PASSWORD)
  newPassword!: string;
}
