import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { App, MOST_APPS } from '../../domain/app';
import { AppRepository } from '../../domain/app.repository';
import { AuditLog } from '../audit/audit-log';

@Injectable()
export class CreateApp {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly apps: AppRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws BlankName, AppNameTaken, TooManyApps */
  async execute(input: { tenantId: TenantId; name: string }): Promise<App> {
    const { tenantId } = input;
    const app = App.create({ ...input, now: this.clock.now() });
    await this.transaction.run(async () => {
      await this.apps.add(app, MOST_APPS);
      const details = { name: app.snapshot().name };
      await this.audit.record({ tenantId, action: 'app.created', target: app.id, details });
    });
    return app;
  }
}
