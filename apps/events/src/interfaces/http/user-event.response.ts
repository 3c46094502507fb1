import { ApiProperty } from '@nestjs/swagger';
import { UserEventView } from '../../application/reading/user-event.reader';

const USER = '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11';

/** A critical event, freed of personal data when it came in. */
export class UserEventResponse {
  @ApiProperty({ format: 'uuid' }) eventId!: string;
  @ApiProperty({ example: 'transfer_completed' }) eventType!: string;
  @ApiProperty({ format: 'date-time', description: "By the client's clock, as it was sent." })
  timestamp!: string;
  @ApiProperty({ format: 'date-time', description: 'By our clock.' }) occurredAt!: string;
  @ApiProperty({ format: 'date-time' }) receivedAt!: string;
  @ApiProperty({ type: String, nullable: true, example: USER }) userId!: string | null;
  @ApiProperty({ type: String, nullable: true }) deviceId!: string | null;
  @ApiProperty({ type: String, nullable: true }) sessionId!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 42 }) seq!: number | null;
  @ApiProperty({ format: 'uuid' }) appId!: string;
  @ApiProperty({ type: String, nullable: true, example: 'BR' }) country!: string | null;
  @ApiProperty({ type: Object, additionalProperties: true }) context!: object;
  @ApiProperty({ type: Object, additionalProperties: true }) device!: object;
  @ApiProperty({ type: Object, additionalProperties: true, example: { amount: '150.50' } })
  properties!: object;

  static of(view: UserEventView): UserEventResponse {
    return {
      ...view,
      timestamp: view.timestamp.toISOString(),
      occurredAt: view.occurredAt.toISOString(),
      receivedAt: view.receivedAt.toISOString(),
    };
  }
}

export class UserEventPageResponse {
  @ApiProperty({ type: [UserEventResponse] }) items!: UserEventResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}
