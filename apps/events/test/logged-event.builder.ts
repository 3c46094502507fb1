import { aReceivedEvent } from '@libs/testing';
import { LoggedEvent } from '../src/domain/tracked-event';

export { aTenant } from '@libs/testing';

/** An event as the sinks take it from the log: a transfer of 150.50 by default. */
export function aLoggedEvent(changes: Partial<LoggedEvent> = {}): LoggedEvent {
  return aReceivedEvent({
    eventType: 'transfer_completed',
    context: { url: 'https://app.moneyflow.com/transfer', ip: '203.0.113.7', locale: 'pt-BR' },
    properties: { amount: '150.50', currency: 'BRL', to_account: '****1234', transfer_type: 'pix' },
    ...changes,
  });
}
