import { webhookLanesSql } from '@libs/webhooks';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks are sent in lanes, and those of a suspended tenant wait. */
export class SendWebhooksInLanes1795600000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      webhookLanesSql('analytics', {
        workerRoles: ['analytics_worker'],
        tenants: 'analytics.tenant_directory',
      }),
    );
  }

  /** Forward only: what claims deliveries by lanes cannot be told to claim them otherwise. */
  async down(): Promise<void> {
    throw new Error('deliveries that are claimed in lanes cannot be claimed otherwise again');
  }
}
