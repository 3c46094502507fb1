import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, ValidateIf, ValidateNested } from 'class-validator';
import { check, IsText, MayBeAbsent } from '@libs/http';

// Longer than any password the domain takes: a shape, so that nobody makes us normalise megabytes.
export const LONGEST_PASSWORD = 1_024;
const LONGEST_REFRESH_TOKEN = 256;

export function IsSecretText(name: string, longest: number): PropertyDecorator {
  return check(
    name,
    undefined,
    (value) => typeof value === 'string' && value.length > 0 && value.length <= longest,
    `must be text of 1 to ${longest} characters`,
  );
}

export class NewTenantRequest {
  @IsText({ max: 120, example: 'Padaria Estrela Ltda', description: 'As customers know the company.' })
  name!: string;

  @IsText({
    max: 64,
    example: 'estrela',
    description: '3 to 40 letters a–z, digits and inner hyphens, starting with a letter; unique.',
  })
  subdomain!: string;
}

export class RegisterRequest {
  @IsText({ max: 254, format: 'email', example: 'dona@estrela.example' })
  email!: string;

  @ApiProperty({
    format: 'password',
    minLength: 8,
    maxLength: 128,
    example: 'correto cavalo bateria grampo',
    description: '8 to 128 characters of any kind; not one of the most common passwords.',
  })
  @IsSecretText('password', LONGEST_PASSWORD)
  password!: string;

  @IsText({ max: 120, example: 'Dona da Padaria' })
  name!: string;

  @ApiProperty({ type: NewTenantRequest, description: 'The company; the person becomes its owner.' })
  @IsDefined()
  @ValidateNested()
  @Type(() => NewTenantRequest)
  tenant!: NewTenantRequest;
}

export class LoginRequest {
  @ValidateIf((body: LoginRequest) => body.email !== undefined || body.username === undefined)
  @IsText({ max: 254, required: false, format: 'email', example: 'dona@estrela.example' })
  email?: string;

  @MayBeAbsent()
  @IsText({ max: 254, required: false, example: 'dona@estrela.example', description: 'An alias of `email`.' })
  username?: string;

  @ApiProperty({ format: 'password', example: 'correto cavalo bateria grampo' })
  @IsSecretText('password', LONGEST_PASSWORD)
  password!: string;

  @MayBeAbsent()
  @IsText({
    max: 64,
    required: false,
    example: 'estrela',
    description: 'The subdomain of the tenant; needed by who belongs to several.',
  })
  tenant?: string;
}

export class RefreshRequest {
  @ApiProperty({
    example: 'mf_refresh_AZqrPE1eb2CaGyw9Tl9gcQ…',
    description: 'The one of the latest answer. It is good once: keep the one that the answer brings.',
  })
  @IsSecretText('refreshToken', LONGEST_REFRESH_TOKEN)
  refreshToken!: string;
}
