import { dropWebhookSql, webhookSql } from '@libs/webhooks';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };

/** Webhooks, what they are told, and what became of it. */
export class CreateWebhooks1795600000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(webhookSql('analytics', ROLES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropWebhookSql('analytics'));
  }
}
