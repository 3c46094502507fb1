import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { check, IsText, MayBeAbsent, PageQuery } from '@libs/http';
import {
  ConditionClaim,
  Direction,
  DIRECTIONS,
  LONGEST_WINDOW,
  Metric,
  METRICS,
  SENSITIVITIES,
  Sensitivity,
  WINDOW_STEP,
} from '../../domain/alert-rule';
import { AppIdParameter } from './period.query';

const EVENT_TYPE = /^[a-z][a-z0-9_]{0,63}$/;
const KINDS = ['threshold', 'anomaly'] as const;
const LONGEST_PREVIEW = 14;

const OneOf = (name: string, all: readonly string[], options: ApiPropertyOptions = {}): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ enum: all as string[], ...options }),
    check(name, undefined, (value) => all.some((one) => one === value), `must be one of ${all.join(', ')}`),
  );

const YesOrNo = (name: string, description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: Boolean, description }),
    check(name, undefined, (value) => typeof value === 'boolean', 'must be true or false'),
  );

const Bound = (name: string, description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: Number, description }),
    MayBeAbsent(),
    check(name, undefined, (value) => typeof value === 'number', 'must be a number'),
  );

const EventType = (description: string, orNull = false): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: String, nullable: orNull, example: 'payment_completed', description }),
    MayBeAbsent(),
    check(
      'eventType',
      'malformed_event_type',
      (value) => (orNull && value === null) || (typeof value === 'string' && EVENT_TYPE.test(value)),
      'must be an event type',
    ),
  );

/** When an alert fires. */
export class ConditionRequest implements ConditionClaim {
  @OneOf('kind', KINDS) kind!: (typeof KINDS)[number];

  @ApiProperty({
    type: Number,
    minimum: WINDOW_STEP,
    maximum: LONGEST_WINDOW,
    multipleOf: WINDOW_STEP,
    example: 60,
    description: 'How long a time is counted, ending each quarter of an hour; of an anomaly at least 60.',
  })
  @check('windowMinutes', undefined, (value) => Number.isInteger(value), 'must be a whole number')
  windowMinutes!: number;

  @Bound('above', 'Of a threshold: fires for more than this.') above?: number;
  @Bound('below', 'Of a threshold: fires for less than this.') below?: number;

  @OneOf('sensitivity', SENSITIVITIES, {
    required: false,
    description:
      'Of an anomaly: how far from usual, in robust deviations: low 6, medium 4.5, high 3.5. `medium` unless it is given.',
  })
  @MayBeAbsent()
  sensitivity?: Sensitivity;

  @OneOf('direction', DIRECTIONS, {
    required: false,
    description: 'Of an anomaly; `both` unless it is given.',
  })
  @MayBeAbsent()
  direction?: Direction;
}

const Condition = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: ConditionRequest }),
    ValidateNested(),
    Type(() => ConditionRequest),
  );

/** The body of POST /analytics/alerts. */
export class AlertRequest {
  @IsText({ max: 100, example: 'Pagamentos fora do normal' }) name!: string;
  @AppIdParameter() appId?: string;
  @EventType('Only events of this type; all, unless it is given.') eventType?: string;
  @OneOf('metric', METRICS) metric!: Metric;
  @Condition() condition!: ConditionRequest;
  @YesOrNo('notify', 'Whether everybody of the tenant is notified; true unless it is given.')
  notify: boolean = true;
  @YesOrNo('enabled', 'true unless it is given.') enabled: boolean = true;
}

/** The body of PATCH /analytics/alerts/:id: what is to be another. */
export class AlertChangesRequest {
  @IsText({ max: 100, required: false }) @MayBeAbsent() name?: string;
  @EventType('null: of all types.', true) eventType?: string | null;
  @OneOf('metric', METRICS, { required: false }) @MayBeAbsent() metric?: Metric;
  @Condition() @MayBeAbsent() condition?: ConditionRequest;
  @YesOrNo('notify', 'Whether everybody of the tenant is notified.') @MayBeAbsent() notify?: boolean;
  @YesOrNo('enabled', 'One that is enabled again begins anew.') @MayBeAbsent() enabled?: boolean;
}

/** The body of POST /analytics/alerts/preview. */
export class AlertPreviewRequest {
  @AppIdParameter() appId?: string;
  @EventType('Only events of this type; all, unless it is given.') eventType?: string;
  @OneOf('metric', METRICS) metric!: Metric;
  @Condition() condition!: ConditionRequest;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: LONGEST_PREVIEW, default: 7 })
  @check(
    'days',
    'malformed_days',
    (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LONGEST_PREVIEW,
    `must be a whole number from 1 to ${LONGEST_PREVIEW}`,
  )
  days: number = 7;
}

/** The query string of GET /analytics/alerts. */
export class AlertsQuery extends PageQuery {
  @AppIdParameter() appId?: string;
}
