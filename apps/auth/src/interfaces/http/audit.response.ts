import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AuditEntry, AuditVerdict } from '../../application/audit/audit-reader';

const EXAMPLE_ID = '019a2b3c-4d5e-7f60-8123-456789abcdef';
/** How many findings an answer lists; it says how many there are. */
const SHOWN = 100;

export class AuditActorResponse {
  @ApiProperty({ enum: ['person', 'key', 'operator', 'system'] })
  kind!: string;

  @ApiPropertyOptional({ example: EXAMPLE_ID })
  id?: string;
}

export class AuditEntryResponse {
  @ApiProperty({ example: 42, description: '1, 2, 3 … without a gap.' })
  seq!: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-22T12:00:00.000Z' })
  occurredAt!: string;

  @ApiProperty({ example: 'member.removed' })
  action!: string;

  @ApiProperty({ type: AuditActorResponse })
  actor!: AuditActorResponse;

  @ApiPropertyOptional({ example: EXAMPLE_ID, description: 'What it was done to.' })
  target?: string;

  @ApiProperty({ type: Object, additionalProperties: true, example: { role: 'viewer' } })
  details!: object;

  @ApiProperty({ example: EXAMPLE_ID, description: 'The `X-Request-Id` of the request that did it.' })
  requestId!: string;

  static of({ seq, occurredAt, action, actor, target, details, requestId }: AuditEntry): AuditEntryResponse {
    return {
      seq: Number(seq),
      occurredAt: occurredAt.toISOString(),
      action,
      actor,
      target,
      details,
      requestId,
    };
  }
}

export class AuditPageResponse {
  @ApiProperty({ type: [AuditEntryResponse] })
  items!: AuditEntryResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}

export class TamperingResponse {
  @ApiProperty({ example: 'entry_altered' })
  kind!: string;

  @ApiProperty({ example: 17, description: 'The entry concerned, the first one where it is several.' })
  seq!: number;

  @ApiPropertyOptional({ example: 19, description: 'The last one where it is several.' })
  through?: number;
}

export class AuditVerdictResponse {
  @ApiProperty({ description: 'Whether every entry is as it was written, and all are there.' })
  intact!: boolean;

  @ApiProperty({ example: 1042 })
  entries!: number;

  @ApiPropertyOptional({
    description: 'MAC of the last entry, hex: keep it to compare with an export later.',
  })
  mac?: string;

  @ApiProperty({ example: 0, description: 'How many findings there are.' })
  findings!: number;

  @ApiProperty({ type: [TamperingResponse], description: `The first ${SHOWN}.` })
  tampering!: TamperingResponse[];

  static of({ entries, mac, tampering }: AuditVerdict): AuditVerdictResponse {
    return {
      intact: tampering.length === 0,
      entries: Number(entries),
      mac,
      findings: tampering.length,
      tampering: tampering.slice(0, SHOWN).map(({ kind, seq, through }) => ({
        kind,
        seq: Number(seq),
        ...(through === undefined ? {} : { through: Number(through) }),
      })),
    };
  }
}
