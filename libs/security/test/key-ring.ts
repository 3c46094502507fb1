import { EventPublisher, newId, OutgoingMessage, TenantId } from '@libs/kernel';
import { ApiKeyDirectory, ApiKeyRecord } from '../src/api-keys/api-key-directory';
import { ApiKeyPeppers } from '../src/api-keys/api-key-peppers';
import { mintApiKey } from '../src/api-keys/api-key-text';

export const PEPPERS = new ApiKeyPeppers([{ version: 1, secret: 'a pepper of thirty-two characters' }]);
export const TENANT = '019a2b3c-0000-7000-8000-000000000002' as TenantId;

/** The directory that tests change, switch off and hold up. */
export class KeyRing extends ApiKeyDirectory {
  readonly records = new Map<string, ApiKeyRecord>();
  lookUps = 0;
  away = false;
  /** What a look-up waits for. */
  gate: Promise<void> = Promise.resolve();

  constructor(private readonly peppers = PEPPERS) {
    super();
  }

  async find(hmacs: readonly string[]): Promise<ApiKeyRecord | undefined> {
    this.lookUps += 1;
    await this.gate;
    if (this.away) throw new Error('away');
    return hmacs.map((hmac) => this.records.get(hmac)).find(Boolean);
  }

  /** A key that passes, but for what `changes` say; answers its text. */
  add(changes: Partial<ApiKeyRecord> = {}): string {
    const { text } = mintApiKey();
    this.set(text, changes);
    return text;
  }

  set(text: string, changes: Partial<ApiKeyRecord> = {}): void {
    const hmac = this.peppers.hmac(text);
    const standard = {
      keyId: newId(),
      tenantId: TENANT,
      appId: newId(),
      scopes: ['releases:read', 'releases:write'],
    };
    this.records.set(hmac, { ...standard, ...this.records.get(hmac), ...changes, hmac });
  }
}

/** The event log that tests read; it closes as ours do. */
export class SentUses extends EventPublisher {
  private closed = false;
  readonly sent: { topic: string; message: OutgoingMessage }[] = [];

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    if (this.closed) throw new Error('closed');
    this.sent.push(...messages.map((message) => ({ topic, message })));
  }
  onApplicationShutdown(): void {
    this.closed = true;
  }
}
