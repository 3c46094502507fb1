import { TenantId } from '@libs/kernel';
import { EventSource } from '../domain/tracked-event';

export const MAX_EVENTS = 100;
/** Of one event as JSON. */
export const MAX_EVENT_BYTES = 256 * 1024;

/** Whose events they are, and where they come from. */
export interface Sender {
  tenantId: TenantId;
  appId: string;
  /** The signed-in person: wins over what the events say. */
  userId?: string;
  ip?: string;
  /** For events that name none. */
  userAgent?: string;
}

/** All that the events of one request are judged by, besides themselves. Plain data: a thread can be given it. */
export interface Reception extends Sender {
  /** In milliseconds of the epoch. */
  receivedMs: number;
  country?: string;
  /** Events before it are not kept, in milliseconds of the epoch. */
  oldest: { critical: number; other: number };
  requestId: string;
  traceparent?: string;
}

/** A request's body as it came, decompressed: JSON in one of the two forms, of one event or of a batch. */
export interface EventBody {
  source: EventSource;
  batch: boolean;
  bytes: Uint8Array;
}

/** The events of one request, as they came. */
export interface Delivery {
  source: EventSource;
  events: readonly unknown[];
  /** The client's clock as it sent the request, in milliseconds of the epoch. */
  sentAt?: number;
  /** Of the request's body; absent where no event can be too large. */
  bytes?: number;
  /** Where that is not now: for a replay of events that came before. */
  receivedAt?: Date;
  /** They are in the store of rejected events: what is refused of them again is not told to the log once more. */
  replayed?: true;
}
