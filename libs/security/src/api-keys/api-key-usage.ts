import { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { ApiKeyUsedV1, Envelope, topics } from '@libs/contracts';
import { Clock, EventPublisher, newId, OutgoingMessage, TenantId } from '@libs/kernel';
import { logger } from '@libs/logging';
import { ApiKeyHolder } from '../principal';

const INTERVAL_MS = 5_000;
/** What leaving may take; a log that is away then loses the counts of the last seconds, nothing else. */
const LEAVING_MS = 2_000;
/** Keeps a message near 100 KB. */
const USES_PER_MESSAGE = 800;

const log = logger('security');

interface Use {
  readonly tenantId: TenantId;
  readonly keyId: string;
  count: number;
  lastUsedAt: number;
}

/**
 * Counts the requests let in by API key and tells auth every few seconds, one message a tenant. While the log is away
 * the counts gather, one entry a key; a message is repeated under its own id, so that the consumer counts it once.
 */
export class ApiKeyUsage implements OnApplicationBootstrap, OnApplicationShutdown {
  private uses = new Map<string, Use>();
  private unsent: OutgoingMessage[] = [];
  private timer?: NodeJS.Timeout;
  private flushing?: Promise<void>;

  constructor(
    private readonly publisher: EventPublisher,
    private readonly clock: Clock,
  ) {}

  record({ keyId, tenantId }: ApiKeyHolder): void {
    const now = this.clock.now().getTime();
    const use = this.uses.get(keyId);
    if (use) {
      use.count += 1;
      use.lastUsedAt = Math.max(use.lastUsedAt, now);
    } else this.uses.set(keyId, { tenantId, keyId, count: 1, lastUsedAt: now });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), INTERVAL_MS);
    this.timer.unref();
  }

  /** After HTTP has stopped and before the publisher closes: the counts of the last requests go out, too. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      patience = setTimeout(resolve, LEAVING_MS);
    });
    const all = (async () => {
      await this.flushing;
      await this.flush();
    })();
    await Promise.race([all, late]);
    clearTimeout(patience);
  }

  /** Publishes what gathered; never rejects: what the log did not take is tried again. */
  flush(): Promise<void> {
    this.flushing ??= this.publish().finally(() => {
      this.flushing = undefined;
    });
    return this.flushing;
  }

  private async publish(): Promise<void> {
    // Until the log took the last messages no new ones are made: the counts grow in place meanwhile.
    if (this.unsent.length === 0) {
      const uses = [...this.uses.values()];
      this.uses = new Map();
      this.unsent = messagesOf(uses, this.clock.now());
    }
    if (this.unsent.length === 0) return;
    try {
      await this.publisher.publish(topics.apiKeyUsed, this.unsent);
      this.unsent = [];
    } catch (error) {
      log.warn({ err: error, waiting: this.unsent.length }, 'uses of API keys could not be told to auth');
    }
  }
}

function messagesOf(uses: readonly Use[], at: Date): OutgoingMessage[] {
  return [...Map.groupBy(uses, ({ tenantId }) => tenantId)].flatMap(([tenantId, ofTenant]) => {
    const messages: OutgoingMessage[] = [];
    for (let from = 0; from < ofTenant.length; from += USES_PER_MESSAGE)
      messages.push(messageOf(tenantId, ofTenant.slice(from, from + USES_PER_MESSAGE), at));
    return messages;
  });
}

function messageOf(tenantId: TenantId, uses: readonly Use[], at: Date): OutgoingMessage {
  const envelope: Envelope<ApiKeyUsedV1> = {
    id: newId(),
    type: topics.apiKeyUsed,
    version: 1,
    tenantId,
    occurredAt: at.toISOString(),
    requestId: newId(),
    payload: {
      uses: uses.map(({ keyId, count, lastUsedAt }) => ({
        keyId,
        count,
        lastUsedAt: new Date(lastUsedAt).toISOString(),
      })),
    },
  };
  return { key: tenantId, value: JSON.stringify(envelope) };
}
