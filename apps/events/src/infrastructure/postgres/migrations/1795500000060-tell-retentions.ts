import { OWNER_ROLE } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever began to keep events after a tenant had changed its retention is told now: facts tell of changes alone. */
export class TellRetentions1795500000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TELL);
  }

  async down(): Promise<void> {
    // what was told stays told
  }
}

const TELL = `
create policy tell_retentions on events.outbox for insert to ${OWNER_ROLE} with check (true);
insert into events.outbox (tenant_id, id, topic, messages, message_count)
select tenant_id, gen_random_uuid(), 'events.retention-changed.v1', json_build_array(json_build_object(
  'id', gen_random_uuid(), 'type', 'events.retention-changed.v1', 'version', 1, 'tenantId', tenant_id, 'requestId', gen_random_uuid(),
  'occurredAt', ${utc('clock_timestamp()')},
  'payload', json_build_object('months', months, 'keptFrom', ${utc('kept_from')}, 'changedAt', ${utc('changed_at')}))), 1
from events.retention;
drop policy tell_retentions on events.outbox;
`;

function utc(instant: string): string {
  return `to_char(${instant} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
