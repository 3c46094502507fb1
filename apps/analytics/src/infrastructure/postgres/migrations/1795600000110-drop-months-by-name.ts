import { dropExpiredSql } from '@libs/tracked-events';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Months that are over are found whatever the other relations are called. */
export class DropMonthsByName1795600000110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      dropExpiredSql({
        schema: 'analytics',
        tables: ['events'],
        longest: 'select greatest(13, max(months)) from analytics.retention',
      }),
    );
  }

  /** What it replaced did the same, when it did. */
  async down(): Promise<void> {}
}
