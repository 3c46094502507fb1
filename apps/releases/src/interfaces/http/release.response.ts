import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ItemOutcome } from '../../application/accept-release-batch';
import { QueuedView } from '../../application/get-release';
import { PostedView, RejectedView } from '../../application/release-reader';
import { Release } from '../../domain/release';

/** The 202 of POST /releases. */
export class QueuedReleaseResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['queued'] }) status!: 'queued';
  @ApiProperty({ example: '-12.34' }) amount!: string;
  @ApiProperty() description!: string;
  @ApiProperty({ format: 'date-time' }) occurredAt!: string;
  @ApiProperty({ format: 'uuid', description: 'The author: a person, or an API key.' }) userId!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  metadata!: Record<string, unknown> | null;
}

export class ReasonResponse {
  @ApiProperty({ enum: ['idempotency_key_reused', 'invalid_data'] }) code!: string;
  @ApiProperty() message!: string;
}

/** GET /releases/:id: what is known depends on the status. */
export class ReleaseResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['queued', 'posted', 'rejected'] }) status!: 'queued' | 'posted' | 'rejected';
  @ApiPropertyOptional({ example: '-12.34', description: 'Once posted.' }) amount?: string;
  @ApiPropertyOptional({ description: 'Once posted.' }) description?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Once posted.' }) occurredAt?: string;
  @ApiPropertyOptional({ format: 'date', description: "Once posted: the tenant's civil day it belongs to." })
  businessDate?: string;
  @ApiPropertyOptional({
    format: 'uuid',
    nullable: true,
    type: String,
    description: 'The author, once posted or rejected.',
  })
  userId?: string | null;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  metadata?: Record<string, unknown> | null;
  @ApiPropertyOptional({ format: 'date-time' }) postedAt?: string;
  @ApiPropertyOptional({ type: ReasonResponse, description: 'Why it was rejected.' }) reason?: ReasonResponse;
  @ApiPropertyOptional({ format: 'date-time' }) rejectedAt?: string;
}

export class ReleasePageResponse {
  @ApiProperty({ type: [ReleaseResponse] }) items!: ReleaseResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}

export class BatchItemResponse {
  @ApiProperty({ description: 'The position in the batch, from 0.' }) index!: number;
  @ApiProperty({ enum: ['queued', 'refused'] }) status!: 'queued' | 'refused';
  @ApiPropertyOptional({ format: 'uuid', description: 'Of a queued one.' }) id?: string;
  @ApiPropertyOptional({ example: 'zero_amount', description: 'Of a refused one.' }) code?: string;
  @ApiPropertyOptional({ description: 'Of a refused one.' }) message?: string;
}

export class BatchResponse {
  @ApiProperty({ description: 'How many were queued.' }) accepted!: number;
  @ApiProperty({ description: 'How many were refused.' }) refused!: number;
  @ApiProperty({ type: [BatchItemResponse], description: 'One an item, in the order asked.' })
  items!: BatchItemResponse[];
}

export function queuedResponse(release: Release): QueuedReleaseResponse {
  return {
    id: release.id,
    status: 'queued',
    amount: release.amount.toString(),
    description: release.description,
    occurredAt: release.occurredAt.toISOString(),
    userId: release.userId,
    metadata: release.metadata ?? null,
  };
}

export function releaseResponse(view: QueuedView | PostedView | RejectedView): ReleaseResponse {
  if (view.status === 'posted')
    return { ...view, occurredAt: view.occurredAt.toISOString(), postedAt: view.postedAt.toISOString() };
  if (view.status === 'rejected') return { ...view, rejectedAt: view.rejectedAt.toISOString() };
  return view;
}

export function batchResponse(outcomes: readonly ItemOutcome[]): BatchResponse {
  const items = outcomes.map((outcome, index): BatchItemResponse =>
    'release' in outcome
      ? { index, id: outcome.release.id, status: 'queued' }
      : { index, status: 'refused', code: outcome.refused.code, message: outcome.refused.message },
  );
  const accepted = items.filter((item) => item.status === 'queued').length;
  return { accepted, refused: items.length - accepted, items };
}
