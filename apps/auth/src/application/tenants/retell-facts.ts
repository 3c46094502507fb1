import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { ApiKeyRepository } from '../../domain/api-key.repository';
import { TenantRepository } from '../../domain/tenant.repository';
import { inTenant } from './tenant-work';
import { TenantSearch } from './tenant-search';

const KEYS_AT_ONCE = 500;

/**
 * Says again what auth last said of every tenant and API key, for a service whose copy is new, lost, or older than the
 * log remembers. Each fact carries the revision it had: who knows it already passes it over.
 */
@Injectable()
export class RetellFacts {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly search: TenantSearch,
    private readonly tenants: TenantRepository,
    private readonly keys: ApiKeyRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<{ tenants: number; keys: number }> {
    const told = { tenants: 0, keys: 0 };
    for (const { id } of await this.search.all()) {
      await inTenant(this.transaction, id, async () =>
        this.outbox.add([(await this.tenants.current()).changed(this.clock.now())]),
      );
      told.tenants += 1;
      told.keys += await this.keysOf(id);
    }
    return told;
  }

  /** Revoked and expired ones, too: whoever missed the word must not go on taking them. */
  private async keysOf(tenantId: TenantId): Promise<number> {
    let told = 0;
    for (let after: string | undefined, more = true; more;) {
      const page = await inTenant(this.transaction, tenantId, async () => {
        const keys = await this.keys.list({ after, limit: KEYS_AT_ONCE });
        await this.outbox.add(keys.map(({ key }) => key.changed(this.clock.now())));
        return keys;
      });
      told += page.length;
      after = page.at(-1)?.key.id;
      more = page.length === KEYS_AT_ONCE;
    }
    return told;
  }
}
