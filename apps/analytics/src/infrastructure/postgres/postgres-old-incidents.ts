import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { OldIncidents } from '../../application/alerts/old-incidents';

@Injectable()
export class PostgresOldIncidents extends OldIncidents {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async purge(most: number): Promise<number> {
    const [row] = await this.sql.query<{ gone: number }>(
      'select analytics.purge_alert_incidents($1) as gone',
      [most],
    );
    return row?.gone ?? 0;
  }
}
