import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { requestContext, TenantTransaction } from '@libs/kernel';
import { AuditVerdict, AuditVerifier } from '../../application/audit/audit-reader';
import { AuditChain } from './audit-chain';
import { AUDIT_COLUMNS, AuditEntryRow, chainedOf } from './audit-entry.row';
import { ChainWalk } from './chain-walk';

const PIECE = 1_000;
/** An entry that was put in may have any number. */
const BEFORE_ALL = '-9223372036854775808';

interface EndRow {
  last: string | null;
  seq: string | null;
  mac: Buffer;
  seal: Buffer;
}

@Injectable()
export class PostgresAuditVerifier extends AuditVerifier {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
    private readonly chain: AuditChain,
  ) {
    super();
  }

  async verify(): Promise<AuditVerdict> {
    const tenantId = requestContext.tenantId();
    // Head and last entry in one statement, so of one moment. What is appended from here on is not looked at.
    const [end] = await this.read<EndRow>(
      `select e.last, h.seq, h.mac, h.seal
       from (select max(seq) as last from auth.audit_entry where tenant_id = $1) e
       left join auth.audit_head h on h.tenant_id = $1`,
      [tenantId],
    );
    const last = end?.last ?? '0';
    const walk = new ChainWalk(this.chain);
    for (let after = BEFORE_ALL, more = true; more;) {
      const rows = await this.read<AuditEntryRow>(
        `select ${AUDIT_COLUMNS} from auth.audit_entry
         where tenant_id = $1 and seq > $2 and seq <= $3 order by seq limit ${PIECE}`,
        [tenantId, after, last],
      );
      for (const row of rows) walk.take(chainedOf(row));
      after = rows.at(-1)?.seq ?? after;
      more = rows.length === PIECE;
    }
    return walk.end(
      end && end.seq !== null ? { tenantId, seq: BigInt(end.seq), mac: end.mac, seal: end.seal } : undefined,
    );
  }

  private read<Row extends object>(sql: string, params: readonly unknown[]): Promise<Row[]> {
    return this.transaction.run(() => this.sql.query<Row>(sql, params));
  }
}
