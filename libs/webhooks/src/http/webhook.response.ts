import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Webhook, WEBHOOK_STATUSES } from '../webhook';

const EXAMPLE_ID = '019a2b3c-0000-7000-8000-0000000000a1';
const EXAMPLE_TIME = '2026-11-22T12:00:00.000Z';

export class WebhookResponse {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id!: string;

  @ApiProperty({ format: 'uri', example: 'https://loja.example/moneyflow' })
  url!: string;

  @ApiPropertyOptional({ example: 'Loja, pedidos' })
  description?: string;

  @ApiProperty({ type: [String], example: ['event.transfer_completed', 'alert.fired'] })
  events!: string[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Absent: of all applications.' })
  appId?: string;

  @ApiProperty({ enum: WEBHOOK_STATUSES, example: 'active' })
  status!: string;

  @ApiPropertyOptional({
    enum: ['gone', 'failing'],
    description: '`gone`: the receiver answered 410. `failing`: for three days nothing could be delivered.',
  })
  disabledReason?: string;

  @ApiProperty({ example: 0, description: 'Tries that failed since the last one that did not.' })
  failures!: number;

  @ApiPropertyOptional({ format: 'date-time', description: 'When the first of them was.' })
  failingSince?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Until when the old secret signs, too.' })
  previousSecretUntil?: string;

  @ApiProperty({ format: 'uuid', description: 'The person who registered it.', example: EXAMPLE_ID })
  createdBy!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_TIME })
  createdAt!: string;

  static of(webhook: Webhook): WebhookResponse {
    const { id, url, description, events, appId, status, disabledReason, failures, createdBy } = webhook;
    return {
      id,
      url,
      description,
      events: [...events],
      appId,
      status,
      disabledReason,
      failures,
      failingSince: webhook.failingSince?.toISOString(),
      previousSecretUntil: webhook.previousSecretUntil?.toISOString(),
      createdBy,
      createdAt: webhook.createdAt.toISOString(),
    };
  }
}

export class WebhookWithSecretResponse extends WebhookResponse {
  @ApiProperty({
    example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD…',
    description: 'What deliveries are signed with. Shown here and never again.',
  })
  secret!: string;

  static withSecret({ webhook, secret }: { webhook: Webhook; secret: string }): WebhookWithSecretResponse {
    return { ...WebhookResponse.of(webhook), secret };
  }
}

export class WebhookPageResponse {
  @ApiProperty({ type: [WebhookResponse] })
  items!: WebhookResponse[];

  @ApiProperty({ nullable: true, type: String, description: 'For the next page; null on the last one.' })
  nextCursor!: string | null;
}
