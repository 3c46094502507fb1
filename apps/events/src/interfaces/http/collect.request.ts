import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MAX_EVENTS } from '../../application/delivery';
import { EVENT_TYPES } from '../../domain/event-types';

// The bodies of the collector, for the document alone: its schemas read them, each event for itself.

const FREE = { type: 'object', additionalProperties: true } as const;
const SENT_AT =
  'The sender’s clock as it sends the request, RFC 3339: with it the skew of a wrong clock is corrected.';

export class EventUser {
  @ApiPropertyOptional({ description: 'An access token’s person wins over it.' }) user_id?: string;
  @ApiProperty({ format: 'uuid' }) device_id!: string;
}

export class EventSession {
  @ApiProperty({ format: 'uuid' }) session_id!: string;
  @ApiProperty({ description: 'Grows by one with each event of the session.' }) seq!: number;
}

export class SdkEventContext {
  @ApiPropertyOptional() url?: string;
  @ApiPropertyOptional() referrer?: string;
  @ApiPropertyOptional({ description: 'Overwritten.' }) ip?: string;
  @ApiPropertyOptional() user_agent?: string;
  @ApiPropertyOptional() screen_width?: number;
  @ApiPropertyOptional() screen_height?: number;
  @ApiPropertyOptional() viewport_width?: number;
  @ApiPropertyOptional() viewport_height?: number;
  @ApiPropertyOptional({ example: 'America/Sao_Paulo' }) timezone?: string;
  @ApiPropertyOptional({ example: 'pt-BR' }) locale?: string;
}

/** An event as the SDK sends it. */
export class SdkEvent {
  @ApiProperty({ format: 'uuid' }) event_id!: string;
  @ApiProperty({ enum: EVENT_TYPES }) event_type!: string;
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Overwritten.' }) server_timestamp?: string;
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sent_at?: string;
  @ApiPropertyOptional({ type: EventUser }) user?: EventUser;
  @ApiPropertyOptional({ type: EventSession }) session?: EventSession;
  @ApiPropertyOptional({ type: SdkEventContext }) context?: SdkEventContext;
  @ApiPropertyOptional({ ...FREE, description: 'What the type says (see the README of events), and more.' })
  properties?: Record<string, unknown>;
  @ApiPropertyOptional({ example: '1.0.0' }) version?: string;
}

export class SdkEventBatch {
  @ApiProperty({ type: [SdkEvent], minItems: 1, maxItems: MAX_EVENTS }) events!: SdkEvent[];
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sent_at?: string;
}

/** The short form, for whoever writes events by hand. */
export class TrackEvent {
  @ApiProperty({ pattern: '^[a-z][a-z0-9_]{0,63}$', example: 'boleto_printed' }) eventType!: string;
  @ApiPropertyOptional() userId?: string;
  @ApiPropertyOptional() sessionId?: string;
  @ApiPropertyOptional() url?: string;
  @ApiPropertyOptional() referrer?: string;
  @ApiPropertyOptional() screenWidth?: number;
  @ApiPropertyOptional() screenHeight?: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'Now, by default.' }) timestamp?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Makes a retry count once; made here by default.' })
  eventId?: string;
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sentAt?: string;
  @ApiPropertyOptional(FREE) metadata?: Record<string, unknown>;
}

export class TrackEventBatch {
  @ApiProperty({ type: [TrackEvent], minItems: 1, maxItems: MAX_EVENTS }) events!: TrackEvent[];
  @ApiPropertyOptional({ format: 'date-time', description: SENT_AT }) sentAt?: string;
}
