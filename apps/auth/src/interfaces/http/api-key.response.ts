import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApiKeyView } from '../../application/keys/show-api-keys';
import { KEY_SCOPES } from '../../domain/key-scopes';

const EXAMPLE_ID = '019a2b3c-0000-7000-8000-00000000000b';
const EXAMPLE_TIME = '2026-11-22T12:00:00.000Z';

export class ApiKeyUsageResponse {
  @ApiProperty({ example: 42, description: 'Requests, of all services, a few seconds late.' })
  count!: number;

  @ApiPropertyOptional({ format: 'date-time', example: EXAMPLE_TIME, description: 'Absent: never yet.' })
  lastUsedAt?: string;
}

export class ApiKeyResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id!: string;

  @ApiProperty({ example: 'Integração da loja' })
  name!: string;

  @ApiProperty({ format: 'uuid', example: '019a2b3c-0000-7000-8000-00000000000a' })
  appId!: string;

  @ApiProperty({ example: 'mf_live_4Wq9Zk', description: 'How its text begins.' })
  prefix!: string;

  @ApiProperty({ isArray: true, enum: KEY_SCOPES, example: ['releases:read', 'releases:write'] })
  scopes!: string[];

  @ApiPropertyOptional({ example: 600, description: 'Its plan; absent: the default of 6,000.' })
  requestsPerMinute?: number;

  @ApiProperty({ enum: ['active', 'expired', 'revoked'], example: 'active' })
  status!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  @ApiProperty({ format: 'uuid', description: 'The person who made it.', example: EXAMPLE_ID })
  createdBy!: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Absent: it has no end.' })
  expiresAt?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  revokedAt?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The key in whose place this one was made.' })
  replaces?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The key that was made in place of this one.' })
  replacedBy?: string;

  @ApiProperty({ type: ApiKeyUsageResponse })
  usage!: ApiKeyUsageResponse;

  static of({ key, status, uses, lastUsedAt }: ApiKeyView): ApiKeyResponse {
    const { id, name, appId, prefix, scopes, requestsPerMinute, createdBy, replaces, replacedBy, ...times } =
      key.snapshot();
    return {
      id,
      name,
      appId,
      prefix,
      scopes: [...scopes],
      requestsPerMinute,
      status,
      createdAt: times.createdAt.toISOString(),
      createdBy,
      expiresAt: times.expiresAt?.toISOString(),
      revokedAt: times.revokedAt?.toISOString(),
      replaces,
      replacedBy,
      usage: { count: uses, lastUsedAt: lastUsedAt?.toISOString() },
    };
  }
}

export class NewApiKeyResponse extends ApiKeyResponse {
  @ApiProperty({
    example: 'mf_live_4Wq9ZkR…',
    description: 'For `X-API-Key`, or `Authorization: Bearer`. Shown here and never again.',
  })
  key!: string;
}

export class ApiKeyPageResponse {
  @ApiProperty({ type: [ApiKeyResponse] })
  items!: ApiKeyResponse[];

  @ApiProperty({ nullable: true, type: String, description: 'For the next page; null on the last one.' })
  nextCursor!: string | null;
}
