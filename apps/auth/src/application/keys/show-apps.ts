import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { App } from '../../domain/app';
import { AppNotFound } from '../../domain/app.errors';
import { AppRepository } from '../../domain/app.repository';
import { TenantRepository } from '../../domain/tenant.repository';

/** An application, and whether it is the tenant's first. */
export interface AppView {
  app: App;
  isDefault: boolean;
}

@Injectable()
export class ShowApps {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly apps: AppRepository,
    private readonly tenants: TenantRepository,
  ) {}

  /** @throws AppNotFound */
  one(appId: string): Promise<AppView> {
    return this.transaction.run(async () => {
      const app = await this.apps.find(appId);
      if (!app) throw new AppNotFound();
      return { app, isDefault: app.id === (await this.defaultAppId()) };
    });
  }

  /** In order of their making. */
  list(query: { after?: string; limit: number }): Promise<AppView[]> {
    return this.transaction.run(async () => {
      const defaultAppId = await this.defaultAppId();
      const apps = await this.apps.list(query.limit, query.after);
      return apps.map((app) => ({ app, isDefault: app.id === defaultAppId }));
    });
  }

  private async defaultAppId(): Promise<string> {
    return (await this.tenants.current()).snapshot().defaultAppId;
  }
}
