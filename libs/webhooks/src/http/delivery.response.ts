import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Attempt, Delivery, DELIVERY_STATUSES } from '../webhook';

const EXAMPLE_ID = '019a2b3c-0000-7000-8000-0000000000d1';
const EXAMPLE_TIME = '2026-11-22T12:00:00.000Z';

export class DeliveryResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID, description: 'The receiver sees it as `webhook-id`.' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  webhookId!: string;

  @ApiProperty({ example: 'alert.fired' })
  type!: string;

  @ApiProperty({ enum: DELIVERY_STATUSES, example: 'delivered' })
  status!: string;

  @ApiPropertyOptional({
    enum: ['retries_exhausted', 'gone', 'nothing_to_tell', 'body_too_large'],
    description: 'Why it failed or was cancelled.',
  })
  reason?: string;

  @ApiProperty({ example: 1 })
  attempts!: number;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of one that waits.' })
  nextTryAt?: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  @ApiPropertyOptional({ format: 'date-time', example: EXAMPLE_TIME })
  finishedAt?: string;

  static of({ nextTryAt, createdAt, finishedAt, ...delivery }: Delivery): DeliveryResponse {
    return {
      ...delivery,
      nextTryAt: nextTryAt?.toISOString(),
      createdAt: createdAt.toISOString(),
      finishedAt: finishedAt?.toISOString(),
    };
  }
}

export class AttemptResponse {
  @ApiProperty({ example: 1 })
  attempt!: number;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  at!: string;

  @ApiProperty({ example: 87 })
  durationMs!: number;

  @ApiPropertyOptional({ example: 500, description: 'Absent: no answer came.' })
  httpStatus?: number;

  @ApiPropertyOptional({
    example: 'status_refused',
    description: 'Absent: it was taken. `connect_timeout`, `connection_refused`, `tls_failed`, `timeout`, …',
  })
  error?: string;

  @ApiPropertyOptional({
    description: 'How an answer that refused begins, at most 1 KiB, without what looks like personal data.',
  })
  answer?: string;

  static of({ at, ...attempt }: Attempt): AttemptResponse {
    return { ...attempt, at: at.toISOString() };
  }
}

export class DeliveryDetailResponse extends DeliveryResponse {
  @ApiProperty({ type: [AttemptResponse] })
  tries!: AttemptResponse[];

  static withTries({
    delivery,
    attempts,
  }: {
    delivery: Delivery;
    attempts: Attempt[];
  }): DeliveryDetailResponse {
    return { ...DeliveryResponse.of(delivery), tries: attempts.map((each) => AttemptResponse.of(each)) };
  }
}

export class DeliveryPageResponse {
  @ApiProperty({ type: [DeliveryResponse] })
  items!: DeliveryResponse[];

  @ApiProperty({ nullable: true, type: String, description: 'For the next page; null on the last one.' })
  nextCursor!: string | null;
}

export class TestSentResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  deliveryId!: string;
}

export class ReplayFailedResponse {
  @ApiProperty({ example: 12 })
  replayed!: number;

  @ApiProperty({ description: 'More than one request replays: ask again.' })
  more!: boolean;
}
