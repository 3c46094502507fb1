import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { check, IsAmount, IsText, MayBeAbsent } from '@libs/http';
import { Role } from '../../domain/role';
import { IsSecretText, LONGEST_PASSWORD } from './auth.request';

const ROLES: readonly Role[] = ['owner', 'admin', 'operator', 'viewer'];
const MOST_ORIGINS = 20;
const LONGEST_ORIGIN = 260;

const isOrigins = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= MOST_ORIGINS &&
  value.every((each) => typeof each === 'string' && each.length <= LONGEST_ORIGIN);

function IsRole(): PropertyDecorator {
  return check(
    'role',
    'unknown_role',
    (value) => ROLES.includes(value as Role),
    `must be one of ${ROLES.join(', ')}`,
  );
}

export class ChangeTenantRequest {
  @MayBeAbsent()
  @IsText({ max: 120, required: false, example: 'Padaria Estrela Ltda' })
  name?: string;

  @MayBeAbsent()
  @IsText({
    max: 64,
    required: false,
    example: 'America/Manaus',
    description: 'IANA name. It affects only what is posted from now on.',
  })
  timeZone?: string;

  @MayBeAbsent()
  @IsAmount({
    required: false,
    example: '1000.00',
    description: 'The most that PIX pays out between 20h and 6h.',
  })
  nightLimit?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MOST_ORIGINS,
    example: ['https://app.estrela.example'],
    description:
      'Whose pages may call with tokens of this tenant: https, no path. It replaces the former list.',
  })
  @MayBeAbsent()
  @check('origins', 'malformed_origins', isOrigins, `must be a list of at most ${MOST_ORIGINS} origins`)
  origins?: string[];

  @ApiPropertyOptional({
    example: true,
    description:
      'Nobody signs in without a second factor, and sessions without one end within 15 min. It takes one of your own.',
  })
  @MayBeAbsent()
  @check(
    'requireSecondFactor',
    'not_a_boolean',
    (value) => typeof value === 'boolean',
    'must be true or false',
  )
  requireSecondFactor?: boolean;
}

export class InviteMemberRequest {
  @IsText({ max: 254, format: 'email', example: 'gerente@estrela.example' })
  email!: string;

  @ApiProperty({ enum: ROLES, example: 'operator', description: 'Only an owner invites owners.' })
  @IsRole()
  role!: Role;
}

export class ChangeRoleRequest {
  @ApiProperty({ enum: ROLES, example: 'admin' })
  @IsRole()
  role!: Role;
}

export class AddDomainRequest {
  @IsText({
    max: 253,
    example: 'pagamentos.estrela.example',
    description: 'A full host name; international names are kept in their ASCII form.',
  })
  domain!: string;
}

export class AcceptInvitationRequest {
  @MayBeAbsent()
  @IsText({
    max: 120,
    required: false,
    example: 'Gerente da Padaria',
    description: 'For a new person; ignored where the e-mail has an account.',
  })
  name?: string;

  @ApiProperty({
    format: 'password',
    example: 'correto cavalo bateria grampo',
    description: 'The password of the account that the e-mail has, or the one a new account gets.',
  })
  @IsSecretText('password', LONGEST_PASSWORD)
  password!: string;
}
