import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RejectionView } from '../../application/rejections/rejection-reader';
import { Replayed } from '../../application/rejections/replay-rejections';
import { KeptRejection } from '../../domain/kept-rejection';
import { rejectionCursorOf } from './list-rejections.query';

export class KeptRejectionResponse {
  @ApiProperty({ format: 'uuid', description: 'Of the rejection.' }) id!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Of the event, where it had a readable one.' })
  eventId?: string;
  @ApiPropertyOptional() eventType?: string;
  @ApiProperty({ example: 'unknown_event_type' }) code!: string;
  @ApiProperty({ description: 'Of the last attempt.' }) message!: string;
  @ApiProperty({ enum: ['collector', 'sink'] }) stage!: 'collector' | 'sink';
  @ApiProperty({ enum: ['sdk', 'track'], description: 'In which form it was sent.' }) source!:
    'sdk' | 'track';
  @ApiProperty({ format: 'uuid' }) appId!: string;
  @ApiPropertyOptional({ description: 'Whom it is about; a pseudonym where that is personal data.' })
  userId?: string;
  @ApiProperty({ format: 'date-time' }) receivedAt!: string;
  @ApiProperty({ description: 'How often it was sent again.' }) attempts!: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was accepted after all.' })
  replayedAt?: string;
}

/** With the event itself. */
export class WholeRejectionResponse extends KeptRejectionResponse {
  @ApiProperty({
    description: 'As it was sent, freed of personal data.',
    type: 'object',
    additionalProperties: true,
  })
  event!: unknown;
}

export class RejectionPageResponse {
  @ApiProperty({ type: [KeptRejectionResponse] }) items!: KeptRejectionResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}

export class RejectedAgainResponse {
  @ApiProperty({ format: 'uuid', description: 'Of the rejection.' }) id!: string;
  @ApiProperty({ example: 'too_old' }) code!: string;
  @ApiProperty() message!: string;
}

export class ReplayedResponse {
  @ApiProperty({ description: 'How many the log has now.' }) accepted!: number;
  @ApiProperty({ description: 'How many of those were seen lately: a hint. An event counts once for ever.' })
  duplicates!: number;
  @ApiProperty({ type: [RejectedAgainResponse] }) rejected!: RejectedAgainResponse[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For the next 1,000 of the same selection; null where there are none.',
  })
  nextCursor!: string | null;
}

export function rejectionResponse({ rejectionId, sentAt: _, ...view }: RejectionView): KeptRejectionResponse {
  return { id: rejectionId, ...view };
}

export function wholeRejectionResponse({
  tenantId: _,
  event,
  ...view
}: KeptRejection & RejectionView): WholeRejectionResponse {
  return { ...rejectionResponse(view), event: JSON.parse(event) as unknown };
}

export function replayedResponse({ rejected, next, ...counts }: Replayed): ReplayedResponse {
  return {
    ...counts,
    rejected: rejected.map(({ rejectionId, code, message }) => ({ id: rejectionId, code, message })),
    nextCursor: next ? rejectionCursorOf(next) : null,
  };
}
