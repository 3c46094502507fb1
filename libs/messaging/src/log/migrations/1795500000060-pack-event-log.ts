import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows of some size keep their messages in one zstd frame instead of JSON: a tenth of the disk, and nobody parses JSON
 * inside JSON any more. Rows of before stay as they are. Stored as they come: compressing twice gains nothing.
 */
export class PackEventLog1795500000060 implements MigrationInterface {
  readonly name = 'PackEventLog1795500000060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table event_log.batch alter column messages drop not null;
      alter table event_log.batch add column packed bytea;
      alter table event_log.batch alter column packed set storage external;
      alter table event_log.batch add constraint batch_holds_messages check (num_nonnulls(messages, packed) = 1);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$ begin
        if exists (select from event_log.batch where packed is not null) then
          raise exception 'the event log holds packed rows, which nothing of before can read: let them be read and forgotten first';
        end if;
      end $$;
      alter table event_log.batch drop column packed, alter column messages set not null;
    `);
  }
}
