import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { IsText, MayBeAbsent, check } from '@libs/http';
import { NewTenantRequest } from './auth.request';

export class BeginGoogleQuery {
  @IsText({
    max: 2000,
    format: 'uri',
    example: 'https://app.example.com/entrar/google',
    description:
      'The page that gets `code` or `error`. At an origin of CORS_ORIGINS, or one that a tenant registered: then for sign-ins to that tenant alone.',
  })
  returnTo!: string;

  @ApiProperty({
    pattern: '^[A-Za-z0-9_-]{43}$',
    description: 'BASE64URL(SHA-256(codeVerifier)) of a verifier that the page keeps (RFC 7636, S256).',
  })
  @check(
    'codeChallenge',
    'malformed_code_challenge',
    (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value),
    'must be a SHA-256 in base64url',
  )
  codeChallenge!: string;

  @ApiPropertyOptional({
    enum: ['sign_in', 'link'],
    default: 'sign_in',
    description: '`link`: the code is for POST /auth/google/link.',
  })
  @check(
    'purpose',
    'malformed_purpose',
    (value) => value === 'sign_in' || value === 'link',
    'must be sign_in or link',
  )
  purpose: 'sign_in' | 'link' = 'sign_in';
}

export class GoogleCodeRequest {
  @IsText({ max: 64, description: 'As it came to `returnTo`; good once, for 300 s.' })
  code!: string;

  @ApiProperty({ pattern: '^[A-Za-z0-9._~-]{43,128}$', description: 'What `codeChallenge` was made of.' })
  @check(
    'codeVerifier',
    'malformed_code_verifier',
    (value) => typeof value === 'string' && /^[A-Za-z0-9._~-]{43,128}$/.test(value),
    'must be 43 to 128 unreserved characters',
  )
  codeVerifier!: string;
}

export class GoogleTokenRequest extends GoogleCodeRequest {
  @MayBeAbsent()
  @IsText({
    max: 64,
    required: false,
    example: 'estrela',
    description: 'The subdomain of the tenant; needed by who belongs to several.',
  })
  tenant?: string;

  @ApiPropertyOptional({ type: NewTenantRequest, description: 'Somebody new founds a company.' })
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => NewTenantRequest)
  newTenant?: NewTenantRequest;

  @MayBeAbsent()
  @IsText({ max: 256, required: false, description: "The token of an invitation's link: joins its tenant." })
  invitation?: string;
}
