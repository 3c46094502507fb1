import { directorySql, dropDirectorySql } from '@libs/security';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** This service's own copy of auth's tenants and API keys. */
export class CopyDirectory1795400000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      directorySql('releases', { apiRoles: ['releases_api'], workerRoles: ['releases_worker'] }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropDirectorySql('releases'));
  }
}
