import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ApiKeyUsedV1, topics } from '@libs/contracts';
import { Clock, TenantId } from '@libs/kernel';
import { Batch, Received } from '@libs/messaging';
import { CountApiKeyUses } from '../../application/keys/count-api-key-uses';
import { apiKeyUse, ApiKeyUseReport, ImpossibleKeyUse } from '../../domain/api-key-use';

/** The consumer group of auth. */
export const KEY_USES_GROUP = 'auth.key-uses';

/** When a service says how often API keys were used, their counts grow. */
@Controller()
export class CountUsesOnApiKeyUsed {
  constructor(
    private readonly count: CountApiKeyUses,
    private readonly clock: Clock,
  ) {}

  /** @throws ImpossibleKeyUse; the transport then isolates and dead-letters what cannot be */
  @EventPattern(topics.apiKeyUsed)
  async handle(@Payload() batch: Batch<ApiKeyUsedV1>): Promise<void> {
    await this.count.execute(batch.messages.map((message) => this.reportOf(message)));
  }

  private reportOf({ envelope }: Received<ApiKeyUsedV1>): ApiKeyUseReport {
    const { uses } = envelope.payload;
    if (!Array.isArray(uses)) throw new ImpossibleKeyUse('uses is no list');
    return {
      messageId: envelope.id,
      tenantId: envelope.tenantId as TenantId,
      uses: uses.map((use) => apiKeyUse(use, this.clock.now())),
    };
  }
}
