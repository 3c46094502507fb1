import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { RawEventView } from '../../application/raw/event.reader';
import { NamedEventReader } from '../../application/webhooks/named-event.reader';
import { EventKey } from '../../domain/event-parcels';
import { EVENT_COLUMNS, EventRow, eventView } from './event-rows';

@Injectable()
export class PostgresNamedEventReader extends NamedEventReader {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async read(tenantId: TenantId, appId: string, keys: readonly EventKey[]): Promise<RawEventView[]> {
    const rows = await this.sql.query<EventRow>(
      // the bounds say which months to look in
      `select ${EVENT_COLUMNS} from analytics.events
         where tenant_id = $1 and app_id = $2
           and "timestamp" >= (select min(t) from unnest($4::timestamptz[]) as t)
           and "timestamp" <= (select max(t) from unnest($4::timestamptz[]) as t)
           and (event_id, "timestamp") in (select * from unnest($3::uuid[], $4::timestamptz[]))
         order by occurred_at, event_id, "timestamp"`,
      [
        tenantId,
        appId,
        plainArray(keys.map(([eventId]) => eventId)),
        plainArray(keys.map(([, timestamp]) => timestamp)),
      ],
    );
    return rows.map(eventView);
  }
}
