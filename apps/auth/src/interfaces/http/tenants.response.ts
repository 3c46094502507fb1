import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Joined } from '../../application/members/accept-invitation';
import { ListedMember } from '../../application/members/member.reader';
import { CustomDomain, proofRecord, proofText } from '../../domain/custom-domain';
import { Invitation } from '../../domain/invitation';
import { Tenant } from '../../domain/tenant';
import { TenantResponse, UserResponse } from './auth.response';

const EXAMPLE_ID = '019a2b3c-0000-7000-8000-000000000001';
const EXAMPLE_TIME = '2026-11-22T12:00:00.000Z';
const ROLES = ['owner', 'admin', 'operator', 'viewer'];

export class TenantSettingsResponse extends TenantResponse {
  @ApiProperty({ example: '1000.00', description: 'The most that PIX pays out between 20h and 6h.' })
  nightLimit!: string;

  @ApiProperty({ type: [String], example: ['https://app.estrela.example'] })
  origins!: string[];

  @ApiProperty({ type: [String], example: ['pagamentos.estrela.example'], description: 'Proven ones.' })
  domains!: string[];

  @ApiProperty({ example: false, description: 'Whether nobody signs in without a second factor.' })
  requireSecondFactor!: boolean;

  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  defaultAppId!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  static override of(tenant: Tenant): TenantSettingsResponse {
    const { nightLimit, origins, domains, requireSecondFactor, defaultAppId, createdAt } = tenant.snapshot();
    return {
      ...TenantResponse.of(tenant),
      nightLimit: nightLimit.toString(),
      origins: [...origins],
      domains: [...domains],
      requireSecondFactor,
      defaultAppId,
      createdAt: createdAt.toISOString(),
    };
  }
}

export class MemberResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  userId!: string;

  @ApiProperty({ example: 'dona@estrela.example' })
  email!: string;

  @ApiProperty({ example: 'Dona da Padaria' })
  name!: string;

  @ApiProperty({ enum: ROLES, example: 'owner' })
  role!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  joinedAt!: string;

  static of({ userId, email, name, role, joinedAt }: ListedMember): MemberResponse {
    return { userId, email, name, role, joinedAt: joinedAt.toISOString() };
  }
}

export class MembersResponse {
  @ApiProperty({ type: [MemberResponse] })
  items!: MemberResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}

export class InvitationResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id!: string;

  @ApiProperty({ example: 'gerente@estrela.example' })
  email!: string;

  @ApiProperty({ enum: ROLES, example: 'operator' })
  role!: string;

  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  invitedBy!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  expiresAt!: string;

  static of({ id, email, role, invitedBy, createdAt, expiresAt }: Invitation): InvitationResponse {
    return {
      id,
      email,
      role,
      invitedBy,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    };
  }
}

export class InvitationsResponse {
  @ApiProperty({ type: [InvitationResponse] })
  items!: InvitationResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}

export class OfferedInvitationResponse {
  @ApiProperty({ example: 'Padaria Estrela Ltda' })
  tenantName!: string;

  @ApiProperty({ example: 'estrela' })
  subdomain!: string;

  @ApiProperty({ example: 'gerente@estrela.example' })
  email!: string;

  @ApiProperty({ enum: ROLES, example: 'operator' })
  role!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  expiresAt!: string;

  @ApiProperty({ example: false, description: 'True: accepting takes the password of that account.' })
  hasAccount!: boolean;

  static of(offer: {
    invitation: Invitation;
    tenant: Tenant;
    hasAccount: boolean;
  }): OfferedInvitationResponse {
    const { name: tenantName, subdomain } = offer.tenant.snapshot();
    const { email, role, expiresAt } = offer.invitation;
    const { hasAccount } = offer;
    return { tenantName, subdomain, email, role, expiresAt: expiresAt.toISOString(), hasAccount };
  }
}

export class JoinedResponse {
  @ApiProperty({ type: UserResponse })
  user!: UserResponse;

  @ApiProperty({ type: TenantResponse })
  tenant!: TenantResponse;

  @ApiProperty({ enum: ROLES, example: 'operator' })
  role!: string;

  @ApiProperty({ example: true, description: 'False: confirm the e-mail first (POST /auth/confirm).' })
  confirmed!: boolean;

  static of({ user, tenant, role, confirmed }: Joined): JoinedResponse {
    return { user: UserResponse.of(user), tenant: TenantResponse.of(tenant), role, confirmed };
  }
}

export class DnsRecordResponse {
  @ApiProperty({ enum: ['TXT'] })
  type!: 'TXT';

  @ApiProperty({ example: '_moneyflow.pagamentos.estrela.example' })
  name!: string;

  @ApiProperty({ example: 'moneyflow-domain-verification=3f8a…' })
  value!: string;
}

export class DomainResponse {
  @ApiProperty({ example: 'pagamentos.estrela.example' })
  domain!: string;

  @ApiProperty({ enum: ['pending', 'verified'], example: 'pending' })
  status!: string;

  @ApiProperty({ type: DnsRecordResponse, description: 'What DNS must show.' })
  record!: DnsRecordResponse;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  @ApiPropertyOptional({ format: 'date-time', example: EXAMPLE_TIME })
  verifiedAt?: string;

  static of({ name, proof, createdAt, verifiedAt }: CustomDomain): DomainResponse {
    return {
      domain: name,
      status: verifiedAt ? 'verified' : 'pending',
      record: { type: 'TXT', name: proofRecord(name), value: proofText(proof) },
      createdAt: createdAt.toISOString(),
      verifiedAt: verifiedAt?.toISOString(),
    };
  }
}

export class DomainsResponse {
  @ApiProperty({ type: [DomainResponse] })
  items!: DomainResponse[];

  @ApiProperty({ nullable: true, type: String, description: 'Always null: a tenant has at most ten.' })
  nextCursor!: null;
}
