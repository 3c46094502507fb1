import { Injectable } from '@nestjs/common';
import { Conditions, SqlSession } from '@libs/database';
import { Money, TenantId } from '@libs/kernel';
import { InsightPlace, InsightReader, InsightView } from '../../application/reading/insight.reader';

interface InsightRow {
  id: string;
  user_id: string;
  insight_type: string;
  category_id: string;
  currency: string;
  week: string;
  title: string;
  description: string;
  confidence: number;
  amount: string;
  usual_amount: string;
  weeks_known: number;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS = `id, user_id, insight_type, category_id, currency, week::text, title, description, confidence, amount,
  usual_amount, weeks_known, created_at, updated_at`;

/** Every query names its tenant; row-level security would hold without it. */
@Injectable()
export class PostgresInsightReader extends InsightReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async list(
    tenantId: TenantId,
    { userId, type, from, to, minConfidence }: Parameters<InsightReader['list']>[1],
    after: InsightPlace | undefined,
    limit: number,
  ): Promise<InsightView[]> {
    const conditions = new Conditions()
      .where((tenant) => `tenant_id = ${tenant}`, tenantId)
      .where((user) => `user_id = ${user}`, userId)
      .where((of) => `insight_type = ${of}`, type)
      .where((least) => `confidence >= ${least}::int`, minConfidence)
      .where((first) => `week >= ${first}::date`, from)
      .where((last) => `week <= ${last}::date`, to)
      .where((week, id) => `(week, id) < (${week}::date, ${id}::uuid)`, after?.week, after?.id);
    const most = conditions.place(limit);
    const rows = await this.sql.query<InsightRow>(
      `select ${COLUMNS} from events.ai_insights as i where ${conditions.sql} order by i.week desc, i.id desc limit ${most}`,
      conditions.params,
    );
    return rows.map(viewOf);
  }

  async find(tenantId: TenantId, id: string): Promise<InsightView | undefined> {
    const [row] = await this.sql.query<InsightRow>(
      `select ${COLUMNS} from events.ai_insights where tenant_id = $1 and id = $2`,
      [tenantId, id],
    );
    return row && viewOf(row);
  }
}

function viewOf(row: InsightRow): InsightView {
  return {
    id: row.id,
    userId: row.user_id,
    insightType: row.insight_type,
    categoryId: row.category_id,
    currency: row.currency,
    week: row.week,
    title: row.title,
    description: row.description,
    confidence: row.confidence,
    amount: Money.fromCents(row.amount).toString(),
    usualAmount: Money.fromCents(row.usual_amount).toString(),
    weeksKnown: row.weeks_known,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
