import { randomUUID } from 'node:crypto';

/** A transfer of a user's, as the SDK sends it. */
export function sdkEvent({ userId, timestamp }: { userId: string; timestamp: string }) {
  return {
    event_id: randomUUID(),
    event_type: 'transfer_completed',
    timestamp,
    user: { user_id: userId, device_id: randomUUID() },
    session: { session_id: randomUUID(), seq: 1 },
    context: { url: 'https://app.moneyflow.com/transfer' },
    properties: { amount: 150.5, currency: 'BRL' },
    version: '1.0.0',
  };
}
