import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { ApiKeyStatus } from '../../domain/api-key';
import { ApiKeyNotFound } from '../../domain/api-key.errors';
import { ApiKeyRepository, UsedApiKey } from '../../domain/api-key.repository';

/** A key as people see it: everything but its text. */
export interface ApiKeyView extends UsedApiKey {
  status: ApiKeyStatus;
}

@Injectable()
export class ShowApiKeys {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly keys: ApiKeyRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiKeyNotFound */
  async one(keyId: string): Promise<ApiKeyView> {
    const found = await this.transaction.run(() => this.keys.show(keyId));
    if (!found) throw new ApiKeyNotFound();
    return this.view(found);
  }

  /** The tenant's keys, living or not, newest first. */
  async list(query: { appId?: string; after?: string; limit: number }): Promise<ApiKeyView[]> {
    const found = await this.transaction.run(() => this.keys.list(query));
    return found.map((each) => this.view(each));
  }

  private view(used: UsedApiKey): ApiKeyView {
    return { ...used, status: used.key.status(this.clock.now()) };
  }
}
