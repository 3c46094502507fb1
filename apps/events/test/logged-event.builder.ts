import { randomUUID } from 'node:crypto';
import { newId, TenantId } from '@libs/kernel';
import { LoggedEvent } from '../src/domain/tracked-event';

/** A tenant nobody else in the test knows. */
export function aTenant(): TenantId {
  return newId<TenantId>();
}

/** An event as the sinks take it from the log: a transfer of 150.50 by default. */
export function aLoggedEvent(changes: Partial<LoggedEvent> = {}): LoggedEvent {
  const timestamp = changes.timestamp ?? new Date().toISOString();
  return {
    tenantId: '019a2b3c-0000-7000-8000-0000000000aa' as TenantId,
    eventId: randomUUID(),
    eventType: 'transfer_completed',
    timestamp,
    occurredAt: timestamp,
    receivedAt: timestamp,
    source: 'sdk',
    appId: '019a2b3c-0000-7000-8000-00000000000a',
    userId: '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
    deviceId: '3f1b7a0e-2f6d-4a50-8a6b-5b7f6f0f2a77',
    sessionId: '0c5c2a7e-7c0e-4a56-9d59-1d0a5b0a9c21',
    seq: 42,
    context: { url: 'https://app.moneyflow.com/transfer', ip: '203.0.113.7', locale: 'pt-BR' },
    device: { kind: 'desktop', family: 'Other', browser: 'Chrome', os: 'Windows', bot: false },
    country: 'BR',
    properties: { amount: '150.50', currency: 'BRL', to_account: '****1234', transfer_type: 'pix' },
    version: '1.0.0',
    ...changes,
  };
}
