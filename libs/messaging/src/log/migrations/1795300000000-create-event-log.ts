import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One row per published batch and one offset per consumer group. The log is of all tenants, like a Kafka topic, so no
 * row-level security: nobody but the role `event_log` sees it, and it sees nothing else.
 */
export class CreateEventLog1795300000000 implements MigrationInterface {
  readonly name = 'CreateEventLog1795300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table event_log.batch (
        position bigint generated always as identity primary key,
        topic text not null,
        messages json not null,
        message_count integer not null check (message_count > 0),
        created_at timestamptz not null default clock_timestamp()
      );
      create index batch_by_topic on event_log.batch (topic, position);
      create table event_log.group_offset (
        group_name text not null,
        topic text not null,
        position bigint not null,
        updated_at timestamptz not null default clock_timestamp(),
        primary key (group_name, topic)
      ) with (fillfactor = 50);
      grant select, insert, delete on event_log.batch to event_log;
      grant select, insert, update on event_log.group_offset to event_log;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table event_log.batch, event_log.group_offset');
  }
}
