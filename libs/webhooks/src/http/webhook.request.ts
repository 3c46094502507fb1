import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { check, IsInstant, IsText, MayBeAbsent, PageQuery } from '@libs/http';
import { isUuid } from '@libs/kernel';
import {
  DEFAULT_OVERLAP_HOURS,
  DELIVERY_STATUSES,
  DeliveryStatus,
  LONGEST_OVERLAP_HOURS,
  MOST_EVENTS,
} from '../webhook';

const EVENT = /^[a-z][a-z0-9_]{0,63}(\.[a-z0-9_]{1,64}){0,2}(\.\*)?$/;
const EXAMPLE_URL = 'https://loja.example/moneyflow';

function IsWebhookUrl(): PropertyDecorator {
  return check(
    'webhookUrl',
    'malformed_webhook_url',
    (value) => typeof value === 'string' && value.length > 0 && value.length <= 2_048,
    'must be a URL of at most 2,048 characters',
  );
}

function IsEventList(): PropertyDecorator {
  return check(
    'events',
    'malformed_events',
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= MOST_EVENTS &&
      value.every((each) => typeof each === 'string' && EVENT.test(each)),
    `must be a list of 1 to ${MOST_EVENTS} events such as event.page_view or event.*`,
  );
}

const EVENTS = {
  type: String,
  isArray: true as const,
  minItems: 1,
  maxItems: MOST_EVENTS,
  example: ['event.transfer_completed', 'alert.fired'],
  description: 'What it is told of; `event.*` is all that begins with `event.`.',
};

export class RegisterWebhookRequest {
  @ApiProperty({
    format: 'uri',
    example: EXAMPLE_URL,
    description: 'https, port 443 or 1024 and above, a host on the public Internet.',
  })
  @IsWebhookUrl()
  url!: string;

  @MayBeAbsent()
  @IsText({
    max: 200,
    required: false,
    example: 'Loja, pedidos',
    description: 'For people to recognise it by.',
  })
  description?: string;

  @ApiProperty(EVENTS)
  @IsEventList()
  events!: string[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Only of this application; absent: of all.' })
  @MayBeAbsent()
  @check('id', 'malformed_id', isUuid, 'must be a UUID in lower case')
  appId?: string;
}

export class ChangeWebhookRequest {
  @ApiPropertyOptional({ format: 'uri', example: EXAMPLE_URL })
  @MayBeAbsent()
  @IsWebhookUrl()
  url?: string;

  @MayBeAbsent()
  @IsText({ max: 200, required: false })
  description?: string;

  @ApiPropertyOptional(EVENTS)
  @MayBeAbsent()
  @IsEventList()
  events?: string[];

  @ApiPropertyOptional({
    enum: ['active', 'paused'],
    description:
      'Paused: nothing is sent, and what happens meanwhile is not told later. Active also revives a disabled one.',
  })
  @MayBeAbsent()
  @check(
    'status',
    'malformed_status',
    (value) => value === 'active' || value === 'paused',
    'must be active or paused',
  )
  status?: 'active' | 'paused';
}

export class RotateWebhookSecretRequest {
  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: LONGEST_OVERLAP_HOURS,
    default: DEFAULT_OVERLAP_HOURS,
    description: 'How long deliveries bear the old signature, too; 0 for a secret that leaked.',
  })
  @MayBeAbsent()
  @check(
    'overlapHours',
    'malformed_number',
    (value) =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LONGEST_OVERLAP_HOURS,
    `must be a whole number from 0 to ${LONGEST_OVERLAP_HOURS}`,
  )
  overlapHours?: number;
}

export class ReplayFailedRequest {
  @IsInstant({ description: 'Failed deliveries of what was made since then are sent again.' })
  since!: string;
}

/** The query string of a webhook's deliveries. */
export class DeliveriesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATUSES })
  @MayBeAbsent()
  @check(
    'deliveryStatus',
    'malformed_status',
    (value) => DELIVERY_STATUSES.some((status) => status === value),
    `must be one of ${DELIVERY_STATUSES.join(', ')}`,
  )
  status?: DeliveryStatus;
}
