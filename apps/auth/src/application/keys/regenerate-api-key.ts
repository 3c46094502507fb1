import { Injectable } from '@nestjs/common';
import { Clock, DomainError, Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { ApiKey, Granter } from '../../domain/api-key';
import { ApiKeyNotFound } from '../../domain/api-key.errors';
import { ApiKeyRepository } from '../../domain/api-key.repository';
import { Denial, DenialRepository } from '../../domain/denial.repository';
import { ApiKeyMint } from './api-key-mint';
import { AuditLog } from '../audit/audit-log';
import { DenyList } from '../sessions/deny-list';

export interface Regeneration {
  keyId: string;
  /** How long the old text stays good beside the new one; 0: it is refused at once. */
  overlapSeconds: number;
  /** Of the new key; by default it ends when the old one would have. */
  expiresAt?: Date;
}

/** Puts a new key with the same rights in the place of one whose text must change. */
@Injectable()
export class RegenerateApiKey {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly keys: ApiKeyRepository,
    private readonly mint: ApiKeyMint,
    private readonly denials: DenialRepository,
    private readonly denyList: DenyList,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiKeyNotFound, ApiKeyNotLive, ScopeNotYours, ExpiryNotAhead, TooManyApiKeys */
  async execute(
    tenantId: TenantId,
    by: Granter,
    input: Regeneration,
  ): Promise<{ key: ApiKey; text: string }> {
    const now = this.clock.now();
    const { text, ...material } = this.mint.mint();
    const { successor, denials } = await this.transaction.run(async () => {
      const key = await this.keys.findForUpdate(input.keyId); // lock first: two regenerations may race
      if (!key) throw new ApiKeyNotFound();
      const { predecessor, successor } = key.regenerated({ ...input, material, by, now });
      const denials = predecessor.status(now) === 'revoked' ? [predecessor.denial(now)] : [];
      await this.keys.save(predecessor);
      await this.keys.add(successor, now);
      await this.denials.add(denials);
      await this.outbox.add([predecessor.changed(now), successor.changed(now)]);
      await this.audit.record({
        tenantId,
        action: 'key.regenerated',
        target: key.id,
        details: { successor: successor.id, overlapSeconds: input.overlapSeconds },
      });
      return { successor, denials };
    });
    await this.publish(denials);
    return { key: successor, text };
  }

  /** A list that is away must not cost the new text, which nobody could show again: it is made whole when it is back. */
  private async publish(denials: readonly Denial[]): Promise<void> {
    try {
      await this.denyList.publish(denials);
    } catch (error) {
      if (!(error instanceof DomainError && error.kind === 'unavailable')) throw error;
    }
  }
}
