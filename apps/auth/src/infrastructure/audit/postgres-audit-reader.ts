import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { requestContext } from '@libs/kernel';
import { AuditEntry, AuditFilter, AuditReader } from '../../application/audit/audit-reader';
import { AUDIT_COLUMNS, AuditEntryRow, entryOf } from './audit-entry.row';

@Injectable()
export class PostgresAuditReader extends AuditReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  newest(filter: AuditFilter, limit: number, before?: bigint): Promise<AuditEntry[]> {
    return this.select(filter, [['seq < ', before]], `seq desc limit ${limit}`);
  }

  oldest(filter: AuditFilter, limit: number, after: bigint, upTo: bigint): Promise<AuditEntry[]> {
    const range: Condition[] = [
      ['seq > ', after],
      ['seq <= ', upTo],
    ];
    return this.select(filter, range, `seq limit ${limit}`);
  }

  async end(): Promise<bigint> {
    const [row] = await this.sql.query<{ seq: string | null }>(
      'select max(seq) as seq from auth.audit_entry where tenant_id = $1',
      [requestContext.tenantId()],
    );
    return BigInt(row?.seq ?? 0);
  }

  private async select(
    { action, actor, target, from, to }: AuditFilter,
    range: readonly Condition[],
    order: string,
  ): Promise<AuditEntry[]> {
    const given = [
      ['action = ', action],
      ['actor_id = ', actor],
      ['target = ', target],
      ['occurred_at >= ', from],
      ['occurred_at <= ', to],
      ...range,
    ].filter(([, value]) => value !== undefined);
    const conditions = given.map(([condition], at) => ` and ${String(condition)}$${at + 2}`).join('');
    const rows = await this.sql.query<AuditEntryRow>(
      `select ${AUDIT_COLUMNS} from auth.audit_entry where tenant_id = $1${conditions} order by ${order}`,
      [
        requestContext.tenantId(),
        ...given.map(([, value]) => (typeof value === 'bigint' ? String(value) : value)),
      ],
    );
    return rows.map(entryOf);
  }
}

/** A column with its comparison, and what it is compared to. */
type Condition = readonly [string, string | bigint | Date | undefined];
