import { ApiProperty } from '@nestjs/swagger';
import { check } from '@libs/http';
import { NotificationView } from '../../application/reading/notification.repository';
import { NOTIFICATION_TYPES, NotificationType, PRIORITIES, Priority } from '../../domain/notification';

/** The body of PATCH /notifications/:id. */
export class MarkNotificationRequest {
  @ApiProperty({ type: Boolean })
  @check('read', 'malformed_read', (value) => typeof value === 'boolean', 'must be true or false')
  read!: boolean;
}

export class NotificationResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: everybody of the tenant.' })
  userId!: string | null;
  @ApiProperty({ enum: NOTIFICATION_TYPES }) type!: NotificationType;
  @ApiProperty({ example: 'Orçamento ultrapassado' }) title!: string;
  @ApiProperty({
    example: 'Você já gastou R$ 1.234,50 e passou do limite de R$ 1.000,00 do orçamento deste mês.',
  })
  message!: string;
  @ApiProperty({ enum: PRIORITIES }) priority!: Priority;
  @ApiProperty({ type: Boolean }) read!: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) readAt!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The event that it was made of.',
  })
  eventId!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The incident of an alert (`GET /analytics/alerts/:id/incidents`) that it is about.',
  })
  incidentId!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The webhook (`GET /analytics/webhooks/:id`) that it is about.',
  })
  webhookId!: string | null;
  @ApiProperty({ format: 'date-time' }) occurredAt!: string;

  static of(view: NotificationView): NotificationResponse {
    return {
      ...view,
      read: view.readAt !== null,
      readAt: view.readAt?.toISOString() ?? null,
      occurredAt: view.occurredAt.toISOString(),
    };
  }
}

export class NotificationPageResponse {
  @ApiProperty({ type: [NotificationResponse] }) items!: NotificationResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}
