import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Collected } from '../../application/collect-events';

export class RejectedEventResponse {
  @ApiProperty({ description: 'Its place in the request, from 0.' }) index!: number;
  @ApiPropertyOptional({ description: 'Where it had a readable one.' }) event_id?: string;
  @ApiProperty({ example: 'unknown_event_type' }) code!: string;
  @ApiProperty() message!: string;
}

/** The same for every form: what became of each event. */
export class CollectedResponse {
  @ApiProperty({ description: 'How many the log has.' }) accepted!: number;
  @ApiProperty({ description: 'How many of those were seen lately: a hint. An event counts once for ever.' })
  duplicates!: number;
  @ApiProperty({ type: [RejectedEventResponse] }) rejected!: RejectedEventResponse[];
}

export function collectedResponse({ accepted, duplicates, rejected }: Collected): CollectedResponse {
  return {
    accepted,
    duplicates,
    rejected: rejected.map(({ index, eventId, code, message }) => ({
      index,
      event_id: eventId,
      code,
      message,
    })),
  };
}
