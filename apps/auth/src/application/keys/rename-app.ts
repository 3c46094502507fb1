import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { App } from '../../domain/app';
import { AppNotFound } from '../../domain/app.errors';
import { AppRepository } from '../../domain/app.repository';
import { AuditLog } from '../audit/audit-log';

@Injectable()
export class RenameApp {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly apps: AppRepository,
    private readonly audit: AuditLog,
  ) {}

  /** @throws AppNotFound, BlankName, AppNameTaken */
  execute(input: { tenantId: TenantId; appId: string; name: string }): Promise<App> {
    const { tenantId, appId, name } = input;
    return this.transaction.run(async () => {
      const app = await this.apps.find(appId);
      if (!app) throw new AppNotFound();
      const renamed = app.renamed(name);
      await this.apps.rename(renamed);
      const details = { from: app.snapshot().name, to: renamed.snapshot().name };
      await this.audit.record({ tenantId, action: 'app.changed', target: appId, details });
      return renamed;
    });
  }
}
