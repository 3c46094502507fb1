import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { ExpiredRows } from '@libs/tracked-events';
import { ExpiredEvents, Retained } from '../../application/expired-events';
import { RetentionPolicy } from '../../domain/retention-policy';
import { policyOf, RetentionRow } from './postgres-retention-policies';

/** The key of a row, and what makes it old. An event's time is the client's, by which it was admitted. */
const TABLES: Record<Retained, { key: string; old: string }> = {
  user_events: { key: 'tenant_id, event_id, "timestamp"', old: '"timestamp" < $2' },
  transactions: { key: 'tenant_id, event_id, "timestamp"', old: '"timestamp" < $2' },
  ai_insights: { key: 'tenant_id, id', old: 'week < $2::timestamptz::date' },
  // the first by the index, the second because an event that is still admitted must find its notification; what no event made has none
  notifications: { key: 'tenant_id, id', old: 'occurred_at < $2 and ("timestamp" < $2) is not false' },
};

type PolicyRow = RetentionRow | { tenant_id: TenantId; months: null };

@Injectable()
export class PostgresExpiredEvents extends ExpiredEvents {
  private readonly rows: ExpiredRows;

  constructor(private readonly sql: SqlSession) {
    super();
    this.rows = new ExpiredRows(sql, 'events');
  }

  async policies(): Promise<ReadonlyMap<TenantId, RetentionPolicy>> {
    const rows = await this.sql.query<PolicyRow>(
      `select tenant_id, r.months, r.critical_months, r.kept_from, r.critical_kept_from
       from events.tenant_directory full join events.retention r using (tenant_id)`,
    );
    return new Map(
      rows.map((row) => [row.tenant_id, row.months === null ? RetentionPolicy.DEFAULT : policyOf(row)]),
    );
  }

  lock(): Promise<boolean> {
    return this.rows.lock();
  }

  delete(what: Retained, tenantIds: readonly TenantId[], before: Date, most: number): Promise<number> {
    const { key, old } = TABLES[what];
    const mine = `tenant_id = any ($1::uuid[]) and ${old}`;
    return this.rows.delete(
      `delete from events.${what} where ${mine} and (${key}) in (select ${key} from events.${what} where ${mine} limit $3)`,
      [tenantIds, before.toISOString(), most],
    );
  }

  deleteDeadLetters(most: number): Promise<number> {
    return this.rows.deleteDeadLetters(most);
  }
}
