import { isUuid } from '@libs/kernel';
import { timestampOfId } from './event-time';
import { KeptRejection } from './kept-rejection';

/**
 * The event as it is to be read again: it has the same id and the same time each time. The short form may lack them, and reading
 * it twice would make two events of it.
 */
export function eventAgain({ event, source, rejectionId, receivedAt }: KeptRejection): unknown {
  const raw: unknown = JSON.parse(event);
  if (source !== 'track' || typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const { eventId, timestamp } = raw as Record<string, unknown>;
  const own = typeof eventId === 'string' ? eventId.toLowerCase() : undefined;
  const time = own !== undefined && isUuid(own) ? timestampOfId(own, new Date(receivedAt)) : receivedAt;
  return { ...raw, eventId: eventId ?? rejectionId, timestamp: timestamp ?? time };
}
