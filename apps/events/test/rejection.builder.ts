import { randomUUID } from 'node:crypto';
import { newId } from '@libs/kernel';
import { KeptRejection } from '../src/domain/kept-rejection';
import { aTenant } from './logged-event.builder';

/** A rejected event of a type that nobody knows, received now. */
export function aRejection(changes: Partial<KeptRejection> = {}): KeptRejection {
  const eventId = randomUUID();
  return {
    tenantId: aTenant(),
    rejectionId: newId(),
    eventId,
    eventType: 'page_vew',
    code: 'unknown_event_type',
    message: 'event_type: "page_vew" is none of the 19 types.',
    stage: 'collector',
    source: 'sdk',
    appId: '019a2b3c-0000-7000-8000-00000000000a',
    userId: 'u-1',
    receivedAt: new Date().toISOString(),
    event: JSON.stringify({ event_id: eventId, event_type: 'page_vew' }),
    ...changes,
  };
}
