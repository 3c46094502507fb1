import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { TokenPair } from '../../application/sessions/access-tokens';
import { Description } from '../../application/sign-in/describe-me';
import { scopesOf } from '../../domain/role';
import { Session } from '../../domain/session';
import { Tenant } from '../../domain/tenant';
import { User } from '../../domain/user';

const EXAMPLE_ID = '019a2b3c-0000-7000-8000-000000000001';
const EXAMPLE_TIME = '2026-11-22T12:00:00.000Z';

export class UserResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id!: string;

  @ApiProperty({ example: 'dona@estrela.example', description: 'Lower case, as it is compared.' })
  email!: string;

  @ApiProperty({ example: 'Dona da Padaria' })
  name!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  static of({ id, email, name, createdAt }: User): UserResponse {
    return { id, email, name, createdAt: createdAt.toISOString() };
  }
}

export class TenantResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id!: string;

  @ApiProperty({ example: 'Padaria Estrela Ltda' })
  name!: string;

  @ApiProperty({ example: 'estrela' })
  subdomain!: string;

  @ApiProperty({
    example: 'America/Sao_Paulo',
    description: 'IANA name; business days are days of this zone.',
  })
  timeZone!: string;

  @ApiProperty({ enum: ['active', 'suspended'], example: 'active' })
  status!: string;

  static of(tenant: Tenant): TenantResponse {
    const { id, name, subdomain, timeZone, status } = tenant.snapshot();
    return { id, name, subdomain, timeZone, status };
  }
}

export class RegisteredResponse {
  @ApiProperty({ type: UserResponse })
  user!: UserResponse;

  @ApiProperty({ type: TenantResponse })
  tenant!: TenantResponse;
}

export class TokensResponse {
  @ApiProperty({ description: 'RS256 JWT for `Authorization: Bearer`.', example: 'eyJhbGciOiJSUzI1NiIs…' })
  accessToken!: string;

  @ApiProperty({ description: 'Opaque; good once, within 7 days.', example: 'mf_refresh_AZqrPE1eb2CaGyw9…' })
  refreshToken!: string;

  @ApiProperty({ enum: ['Bearer'] })
  tokenType!: 'Bearer';

  @ApiProperty({ example: 900, description: 'Seconds the access token lives.' })
  expiresIn!: number;
}

export class SignedInResponse {
  @ApiProperty({ type: TokensResponse })
  tokens!: TokensResponse;

  static of({ accessToken, refreshToken, expiresIn }: TokenPair): SignedInResponse {
    return { tokens: { accessToken, refreshToken, tokenType: 'Bearer', expiresIn } };
  }
}

export class MfaResponse {
  @ApiProperty({ example: false, description: 'Whether a sign-in asks for a second factor.' })
  enabled!: boolean;

  @ApiProperty({ enum: ['totp', 'sms'], isArray: true, example: ['totp'] })
  methods!: string[];
}

export class MeResponse {
  @ApiProperty({ type: UserResponse })
  user!: UserResponse;

  @ApiProperty({ type: TenantResponse })
  tenant!: TenantResponse;

  @ApiProperty({ enum: ['owner', 'admin', 'operator', 'viewer'], example: 'owner' })
  role!: string;

  @ApiProperty({ type: [String], example: ['releases:read', 'releases:write'] })
  scopes!: string[];

  @ApiProperty({ type: MfaResponse })
  mfa!: MfaResponse;

  static of({ user, tenant, role, secondFactors }: Description): MeResponse {
    return {
      user: UserResponse.of(user),
      tenant: TenantResponse.of(tenant),
      role,
      scopes: [...scopesOf(role)],
      mfa: { enabled: secondFactors.length > 0, methods: [...secondFactors] },
    };
  }
}

export class SessionResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME, description: 'Signed in or refreshed last.' })
  lastUsedAt!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME, description: 'The latest end.' })
  expiresAt!: string;

  @ApiPropertyOptional({ example: '203.0.113.7' })
  ip?: string;

  @ApiPropertyOptional({ example: 'Mozilla/5.0 …' })
  userAgent?: string;

  @ApiProperty({ description: 'Whether it is the one that asks.', example: true })
  current!: boolean;

  static of(session: Session, currentId: string): SessionResponse {
    const { id, createdAt, lastUsedAt, expiresAt, ip, userAgent } = session;
    return {
      id,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      ip,
      userAgent,
      current: id === currentId,
    };
  }
}

export class SessionsResponse {
  @ApiProperty({ type: [SessionResponse] })
  items!: SessionResponse[];

  @ApiProperty({ nullable: true, type: String, description: 'Always null: a person has few sessions.' })
  nextCursor!: null;
}
