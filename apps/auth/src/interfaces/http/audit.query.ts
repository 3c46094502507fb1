import { ApiPropertyOptional } from '@nestjs/swagger';
import { check, isInstant, MayBeAbsent, PageQuery, readCursor, writeCursor } from '@libs/http';
import { AuditFilter } from '../../application/audit/audit-reader';

const ACTION = /^[a-z_]{1,32}\.[a-z_]{1,32}$/;
const isReference = (value: unknown): boolean =>
  typeof value === 'string' && /^[\x21-\x7e]{1,254}$/.test(value);
const isSeq = (text: string): boolean => /^[1-9]\d{0,17}$/.test(text);

const OfAction = () =>
  decorated(
    ApiPropertyOptional({ example: 'member.removed' }),
    check(
      'action',
      'malformed_action',
      (value) => typeof value === 'string' && ACTION.test(value),
      'must be an action such as member.removed',
    ),
  );
const ById = (name: string, description: string) =>
  decorated(
    ApiPropertyOptional({ maxLength: 254, description }),
    check(name, `malformed_${name}`, isReference, 'must be an id'),
  );
const AtInstant = (name: string) =>
  decorated(
    ApiPropertyOptional({ format: 'date-time', description: 'Itself included.' }),
    check(name, `malformed_${name}`, isInstant, 'must be an RFC 3339 time with an offset'),
  );

const WHO = 'Id of the person, key or operator who did it.';
const WHOM = 'Id of what it was done to.';

/** The query string of GET /tenants/me/audit. */
export class AuditQuery extends PageQuery {
  @OfAction() action?: string;
  @ById('actor', WHO) actor?: string;
  @ById('target', WHOM) target?: string;
  @AtInstant('from') from?: string;
  @AtInstant('to') to?: string;
}

/** The query string of GET /tenants/me/audit/export. */
export class AuditExportQuery {
  @ApiPropertyOptional({ enum: ['csv', 'ndjson'], default: 'csv' })
  @check(
    'format',
    'malformed_format',
    (value) => value === 'csv' || value === 'ndjson',
    'must be csv or ndjson',
  )
  format: 'csv' | 'ndjson' = 'csv';

  @OfAction() action?: string;
  @ById('actor', WHO) actor?: string;
  @ById('target', WHOM) target?: string;
  @AtInstant('from') from?: string;
  @AtInstant('to') to?: string;
}

export function auditFilterOf({
  action,
  actor,
  target,
  from,
  to,
}: AuditQuery | AuditExportQuery): AuditFilter {
  return {
    action,
    actor,
    target,
    from: from ? new Date(from) : undefined,
    to: to ? new Date(to) : undefined,
  };
}

export function auditCursorOf(seq: bigint): string {
  return writeCursor([String(seq)]);
}

/** @throws MalformedInput `malformed_cursor` */
export function auditPositionOf(cursor: string | undefined): bigint | undefined {
  return cursor === undefined ? undefined : BigInt(readCursor(cursor, [isSeq])[0]);
}

function decorated(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of [...decorators, MayBeAbsent()]) decorate(target, property);
  };
}
