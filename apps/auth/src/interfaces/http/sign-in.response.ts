import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SignInOutcome } from '../../application/sign-in/advance-sign-in';
import { Challenge } from '../../application/sign-in/identity-provider';
import { GivenTokens } from '../../application/sessions/access-tokens';
import { authenticatorQr } from './authenticator-qr';

const CHALLENGES: Challenge[] = [
  'SMS_MFA',
  'SOFTWARE_TOKEN_MFA',
  'NEW_PASSWORD_REQUIRED',
  'MFA_SETUP',
  'SELECT_MFA_TYPE',
];

export class GivenTokensResponse {
  @ApiProperty({ description: 'RS256 JWT for `Authorization: Bearer`.', example: 'eyJhbGciOiJSUzI1NiIs…' })
  accessToken!: string;

  @ApiPropertyOptional({
    description: 'Opaque; good once, within 7 days. Absent after a step-up: the one you have stays good.',
    example: 'mf_refresh_AZqrPE1eb2CaGyw9…',
  })
  refreshToken?: string;

  @ApiProperty({ enum: ['Bearer'] })
  tokenType!: 'Bearer';

  @ApiProperty({ example: 900, description: 'Seconds the access token lives.' })
  expiresIn!: number;

  static of({ accessToken, refreshToken, expiresIn }: GivenTokens): GivenTokensResponse {
    return { accessToken, refreshToken, tokenType: 'Bearer', expiresIn };
  }
}

/** Either `tokens`, or a challenge. */
export class SignInResponse {
  @ApiPropertyOptional({ type: GivenTokensResponse, description: 'The sign-in is complete.' })
  tokens?: GivenTokensResponse;

  @ApiPropertyOptional({ description: 'Present with a challenge: whether it is about a second factor.' })
  mfaRequired?: boolean;

  @ApiPropertyOptional({ enum: CHALLENGES, description: 'What is asked for next.' })
  challenge?: Challenge;

  @ApiPropertyOptional({ example: 'q1V9…', description: 'For POST /auth/mfa or /auth/challenge.' })
  challengeId?: string;

  @ApiPropertyOptional({ example: 300, description: 'Seconds the challenge waits.' })
  expiresIn?: number;

  @ApiPropertyOptional({ enum: CHALLENGES, isArray: true, description: 'SELECT_MFA_TYPE: the choices.' })
  options?: Challenge[];

  @ApiPropertyOptional({ example: '+*******1234', description: 'SMS_MFA: where the code went.' })
  destination?: string;

  @ApiPropertyOptional({ description: 'MFA_SETUP: Base32, for the authenticator app.' })
  secret?: string;

  @ApiPropertyOptional({ description: 'MFA_SETUP: the same as a URI.' })
  otpauthUri?: string;

  @ApiPropertyOptional({ description: 'MFA_SETUP: the same as an SVG data URI.' })
  qrCode?: string;

  @ApiPropertyOptional({
    type: [String],
    description:
      'With the tokens, where an authenticator was set up on the way: each good once in place of a code, shown now and never again.',
  })
  recoveryCodes?: readonly string[];

  /** @param account names the entry in an authenticator app, where one is to be set up */
  static async of(outcome: SignInOutcome, account = 'MoneyFlow'): Promise<SignInResponse> {
    if ('tokens' in outcome) {
      const { tokens, recoveryCodes } = outcome;
      return { tokens: GivenTokensResponse.of(tokens), recoveryCodes };
    }
    const { challenge, challengeId, expiresIn, details = {} } = outcome;
    const { secret, options, destination } = details;
    return {
      mfaRequired: challenge !== 'NEW_PASSWORD_REQUIRED',
      challenge,
      challengeId,
      expiresIn,
      options: options && [...options],
      destination,
      secret,
      ...(secret ? await authenticatorQr(secret, details.account ?? account) : {}),
    };
  }
}

export class TotpEnrolmentResponse {
  @ApiProperty({ example: 'JBSWY3DPEHPK3PXP…', description: 'Base32, for typing.' })
  secret!: string;

  @ApiProperty({ example: 'otpauth://totp/MoneyFlow:dona%40estrela.example?secret=…' })
  otpauthUri!: string;

  @ApiProperty({ example: 'data:image/svg+xml;base64,…', description: 'A QR code, for an `img`.' })
  qrCode!: string;
}

export class RecoveryCodesResponse {
  @ApiProperty({
    type: [String],
    example: ['7K3MQ9-XT2WBR-0N8VHC-5JZD4P'],
    description: 'Each is good once in place of a code; shown now and never again.',
  })
  recoveryCodes!: readonly string[];
}
