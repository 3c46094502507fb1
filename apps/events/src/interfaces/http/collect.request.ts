import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MAX_EVENTS } from '../../application/delivery';
import { EVENT_TYPES } from '../../domain/event-types';

// The bodies of the collector, for the document alone: its schemas read them, each event for itself.

/** The limits of the readers in infrastructure/schemas. */
const ID = { minLength: 1, maxLength: 128 };
const ADDRESS = { maxLength: 8_192 };
const PIXELS = { minimum: 0, maximum: 100_000 };
const FREE = { type: 'object', additionalProperties: true } as const;
const SENT_AT =
  'The sender’s clock as it sends the request, RFC 3339: with it the skew of a wrong clock is corrected.';

export class EventUser {
  @ApiPropertyOptional({ ...ID, description: 'An access token’s person wins over it.' }) user_id?: string;
  @ApiProperty({ ...ID, description: 'Made once and kept by the device.' }) device_id!: string;
}

export class EventSession {
  @ApiProperty(ID) session_id!: string;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: 2_147_483_647,
    description: 'Grows by one with each event of the session.',
  })
  seq!: number;
}

export class SdkEventContext {
  @ApiPropertyOptional(ADDRESS) url?: string;
  @ApiPropertyOptional(ADDRESS) referrer?: string;
  @ApiPropertyOptional({ description: 'Overwritten.' }) ip?: string;
  @ApiPropertyOptional({ maxLength: 2_048 }) user_agent?: string;
  @ApiPropertyOptional(PIXELS) screen_width?: number;
  @ApiPropertyOptional(PIXELS) screen_height?: number;
  @ApiPropertyOptional(PIXELS) viewport_width?: number;
  @ApiPropertyOptional(PIXELS) viewport_height?: number;
  @ApiPropertyOptional({ maxLength: 64, example: 'America/Sao_Paulo' }) timezone?: string;
  @ApiPropertyOptional({ maxLength: 64, example: 'pt-BR' }) locale?: string;
}

/** An event as the SDK sends it. */
export class SdkEvent {
  @ApiProperty({ format: 'uuid', description: 'Version 4. With `timestamp` it says which event this is.' })
  event_id!: string;
  @ApiProperty({ enum: EVENT_TYPES }) event_type!: string;
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Overwritten.' }) server_timestamp?: string;
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sent_at?: string;
  @ApiProperty({ type: EventUser }) user!: EventUser;
  @ApiProperty({ type: EventSession }) session!: EventSession;
  @ApiPropertyOptional({ type: SdkEventContext }) context?: SdkEventContext;
  @ApiPropertyOptional({ ...FREE, description: 'What the type says (see the README of events), and more.' })
  properties?: Record<string, unknown>;
  @ApiPropertyOptional({ maxLength: 32, example: '1.0.0' }) version?: string;
}

export class SdkEventBatch {
  @ApiProperty({ type: [SdkEvent], minItems: 1, maxItems: MAX_EVENTS }) events!: SdkEvent[];
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sent_at?: string;
}

/** The short form, for whoever writes events by hand. */
export class TrackEvent {
  @ApiProperty({
    pattern: '^[a-z][a-z0-9]*(_[a-z0-9]+)*$',
    maxLength: 64,
    example: 'boleto_printed',
    description: 'Without six digits in a row.',
  })
  eventType!: string;
  @ApiPropertyOptional(ID) userId?: string;
  @ApiPropertyOptional(ID) sessionId?: string;
  @ApiPropertyOptional(ADDRESS) url?: string;
  @ApiPropertyOptional(ADDRESS) referrer?: string;
  @ApiPropertyOptional(PIXELS) screenWidth?: number;
  @ApiPropertyOptional(PIXELS) screenHeight?: number;
  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'Now, where it is absent. Beside an `eventId` it is then the start of the day (UTC), or the time inside a UUIDv7, so that a retry of that day is the same event.',
  })
  timestamp?: string;
  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'With `timestamp` it says which event this is. Where it is absent each request is a new event.',
  })
  eventId?: string;
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sentAt?: string;
  @ApiPropertyOptional(FREE) metadata?: Record<string, unknown>;
}

export class TrackEventBatch {
  @ApiProperty({ type: [TrackEvent], minItems: 1, maxItems: MAX_EVENTS }) events!: TrackEvent[];
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sentAt?: string;
}
