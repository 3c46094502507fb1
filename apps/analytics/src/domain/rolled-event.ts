import { TenantId } from '@libs/kernel';
import { Described, DimensionValues, dimensionsOf } from './dimensions';
import { Identified, Identity } from './identity';

/** A tracked event, as far as this layer must know it. */
export interface LoggedEvent extends Identified, Described {
  appId: string;
  eventId: string;
  eventType: string;
  /** The client's clock, as it was sent: part of the key. */
  timestamp: string;
  /** When it happened by our clock: what reports are about. */
  occurredAt: string;
}

/** What reports want of an event: enough to make all rollups and visits of it, and all that the raw row keeps of it in columns. */
export interface RolledEvent extends Identity, DimensionValues {
  tenantId: TenantId;
  appId: string;
  eventId: string;
  /** RFC 3339 UTC with milliseconds, like `occurredAt`. */
  timestamp: string;
  eventType: string;
  occurredAt: string;
  userId?: string;
}

/** Two different events may have the same id: its key is the tenant, the id and the client's timestamp. */
export function rolledEvent(event: LoggedEvent, identity: Identity): RolledEvent {
  return {
    tenantId: event.tenantId,
    appId: event.appId,
    eventId: event.eventId,
    timestamp: event.timestamp,
    eventType: event.eventType,
    occurredAt: event.occurredAt,
    userId: event.userId,
    ...identity,
    ...dimensionsOf(event),
  };
}
