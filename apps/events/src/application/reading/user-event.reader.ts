import { TenantId } from '@libs/kernel';
import { EventContext, Device } from '../../domain/tracked-event';
import { Place, ReadingFilter } from './reading';

/** A critical event, as it is kept. */
export interface UserEventView {
  eventId: string;
  eventType: string;
  /** The client's clock. */
  timestamp: Date;
  occurredAt: Date;
  receivedAt: Date;
  userId: string | null;
  deviceId: string | null;
  sessionId: string | null;
  seq: number | null;
  appId: string;
  country: string | null;
  context: EventContext;
  device: Device;
  properties: Record<string, unknown>;
}

/** An event's id may be sent with several times, so a place says which one. */
export type EventPlace = Place & { timestamp: Date };

/** A property and what it is, as a query string writes it: `4000` finds the number and the text. */
export interface PropertyFilter {
  name: string;
  value: string;
}

/** Where properties are asked for, both ends of the time are said. */
export type UserEventFilter = ReadingFilter & {
  properties?: { all: readonly PropertyFilter[]; from: Date; to: Date };
};

export abstract class UserEventReader {
  /** Newest first by (occurredAt, id, timestamp). */
  abstract list(
    tenantId: TenantId,
    filter: UserEventFilter,
    after: EventPlace | undefined,
    limit: number,
  ): Promise<UserEventView[]>;
}
