import { ReleaseId, TenantId } from '@libs/kernel';

/** A posted release as it is shown. */
export interface PostedView {
  status: 'posted';
  id: string;
  amount: string;
  description: string;
  occurredAt: Date;
  businessDate: string;
  userId: string;
  metadata: Record<string, unknown> | null;
  postedAt: Date;
}

export interface RejectedView {
  status: 'rejected';
  id: string;
  userId: string | null;
  reason: { code: string; message: string };
  rejectedAt: Date;
}

/** One end of a range: an instant, or a whole civil day of the tenant. Both ends are inclusive. */
export type RangeEnd = { instant: Date } | { day: string };

/** A place in the list, newest first: just after this release. */
export interface ListPosition {
  occurredAt: Date;
  id: ReleaseId;
}

export interface ListFilter {
  from?: RangeEnd;
  to?: RangeEnd;
  kind?: 'credit' | 'debit';
  /** A part of the description, in any case. */
  text?: string;
}

/** The reading side: what was posted and what was rejected, past the aggregate. */
export abstract class ReleaseReader {
  /** Posted wins over rejected: another body under the same id may have been refused. */
  abstract find(tenantId: TenantId, id: ReleaseId): Promise<PostedView | RejectedView | undefined>;

  /** Newest first by (occurredAt, id): rows added meanwhile move nothing that was not read yet. */
  abstract list(
    tenantId: TenantId,
    filter: ListFilter,
    after: ListPosition | undefined,
    limit: number,
  ): Promise<PostedView[]>;
}
