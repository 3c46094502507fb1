import { randomUUID } from 'node:crypto';
import { newId, TenantId } from '@libs/kernel';
import type { ReceivedEvent } from '@libs/tracked-events';

/** A tenant nobody else in the test knows. */
export function aTenant(): TenantId {
  return newId<TenantId>();
}

/** An event as a consumer takes it from the log: a page view by default. */
export function aReceivedEvent(changes: Partial<ReceivedEvent> = {}): ReceivedEvent {
  const timestamp = changes.timestamp ?? new Date().toISOString();
  return {
    tenantId: '019a2b3c-0000-7000-8000-0000000000aa' as TenantId,
    eventId: randomUUID(),
    eventType: 'page_view',
    timestamp,
    occurredAt: timestamp,
    receivedAt: timestamp,
    source: 'sdk',
    appId: '019a2b3c-0000-7000-8000-00000000000a',
    userId: '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
    deviceId: '3f1b7a0e-2f6d-4a50-8a6b-5b7f6f0f2a77',
    sessionId: '0c5c2a7e-7c0e-4a56-9d59-1d0a5b0a9c21',
    seq: 42,
    context: {
      url: 'https://app.moneyflow.com/transfer?step=2',
      referrer: 'https://google.com/search',
      locale: 'pt-BR',
    },
    device: { kind: 'desktop', family: 'Other', browser: 'Chrome', os: 'Windows', bot: false },
    country: 'BR',
    properties: { plan: 'pro' },
    version: '1.0.0',
    ...changes,
  };
}
