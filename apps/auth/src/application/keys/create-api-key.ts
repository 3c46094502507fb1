import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { ApiKey, Granter } from '../../domain/api-key';
import { UnknownApp } from '../../domain/api-key.errors';
import { ApiKeyRepository } from '../../domain/api-key.repository';
import { AppRepository } from '../../domain/app.repository';
import { TenantRepository } from '../../domain/tenant.repository';
import { ApiKeyMint } from './api-key-mint';
import { AuditLog } from '../audit/audit-log';

export interface NewApiKey {
  name: string;
  /** The tenant's first application by default. */
  appId?: string;
  scopes: readonly string[];
  requestsPerMinute?: number;
  expiresAt?: Date;
}

/** Gives a program of the tenant's a key of its own. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly keys: ApiKeyRepository,
    private readonly apps: AppRepository,
    private readonly tenants: TenantRepository,
    private readonly mint: ApiKeyMint,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the key and its text, which is nowhere from now on but in this answer
   * @throws BlankName, UnknownScope, ScopeNotYours, ExpiryNotAhead, UnknownApp, TooManyApiKeys
   */
  async execute(tenantId: TenantId, by: Granter, input: NewApiKey): Promise<{ key: ApiKey; text: string }> {
    const now = this.clock.now();
    const { text, ...material } = this.mint.mint();
    return this.transaction.run(async () => {
      const appId = await this.appOf(input.appId);
      const key = ApiKey.create({ ...input, tenantId, appId, material, by, now });
      await this.keys.add(key, now);
      await this.outbox.add([key.changed(now)]);
      const { name, prefix, scopes } = key.snapshot();
      await this.audit.record({
        tenantId,
        action: 'key.created',
        target: key.id,
        details: { name, prefix, appId, scopes },
      });
      return { key, text };
    });
  }

  private async appOf(asked: string | undefined): Promise<string> {
    if (asked === undefined) return (await this.tenants.current()).snapshot().defaultAppId;
    const app = await this.apps.find(asked);
    if (!app) throw new UnknownApp();
    return app.id;
  }
}
