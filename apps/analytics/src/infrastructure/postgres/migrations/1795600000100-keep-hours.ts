import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each hour of a local day comes to, kept beside the day: to be told without its quarters. */
export class KeepHours1795600000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(HOURS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table analytics.day_rollup drop column hour_events, drop column hour_users, drop column hour_sessions',
    );
  }
}

// By hour from the beginning of the day on: 23 to 25 of them, and of today as many as began; the last one may not be over. Null of
// days that were made before: those are told by their quarters, until late events have them made again.
const HOURS = `
alter table analytics.day_rollup
  add column hour_events bigint[], add column hour_users bigint[], add column hour_sessions bigint[];
`;
