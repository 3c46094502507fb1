import { dropExpiredSql } from '@libs/tracked-events';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Months that are over are found whatever the other relations are called. */
export class DropMonthsByName1795500000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      dropExpiredSql({
        schema: 'events',
        tables: ['user_events', 'transactions'],
        longest: 'select greatest(60, max(critical_months)) from events.retention',
      }),
    );
  }

  /** What it replaced did the same, when it did. */
  async down(): Promise<void> {}
}
