import { BusinessDate, Money, ReleaseId, TenantId, UserId } from '@libs/kernel';
import { Metadata, ReleaseDraft } from './release-draft';
import { ZeroAmount } from './release.errors';

interface ReleaseState {
  id: ReleaseId;
  tenantId: TenantId;
  /** The author. */
  userId: UserId;
  amount: Money;
  description: string;
  occurredAt: Date;
  metadata?: Metadata;
  /** Of what the client sent: the same id with another hash is another body. */
  inputHash: string;
  requestId: string;
  traceparent?: string;
}

/** A credit (positive) or a debit (negative) of a tenant, accepted and on its way into the ledger. */
export class Release {
  private constructor(private readonly state: Readonly<ReleaseState>) {}

  /** A draft becomes a release when it gets its id, its author and its time. */
  static accept(
    draft: ReleaseDraft,
    by: Pick<ReleaseState, 'id' | 'tenantId' | 'userId' | 'inputHash' | 'requestId' | 'traceparent'>,
    now: Date,
  ): Release {
    return new Release({
      ...by,
      amount: draft.amount,
      description: draft.description,
      occurredAt: draft.occurredAt ?? now,
      metadata: draft.metadata,
    });
  }

  /** One that was accepted before, back from the queue. @throws ZeroAmount */
  static resume(state: ReleaseState): Release {
    if (state.amount.isZero()) throw new ZeroAmount();
    return new Release(state);
  }

  /** The release as part of the ledger: its day is the tenant's civil day, decided once, here. */
  post(timeZone: string): PostedRelease {
    return { release: this, businessDate: BusinessDate.of(this.state.occurredAt, timeZone) };
  }

  isSameInputAs(other: { inputHash: string }): boolean {
    return this.state.inputHash === other.inputHash;
  }

  get id(): ReleaseId {
    return this.state.id;
  }
  get tenantId(): TenantId {
    return this.state.tenantId;
  }
  get userId(): UserId {
    return this.state.userId;
  }
  get amount(): Money {
    return this.state.amount;
  }
  get description(): string {
    return this.state.description;
  }
  get occurredAt(): Date {
    return this.state.occurredAt;
  }
  get metadata(): Metadata | undefined {
    return this.state.metadata;
  }
  get inputHash(): string {
    return this.state.inputHash;
  }
  get requestId(): string {
    return this.state.requestId;
  }
  get traceparent(): string | undefined {
    return this.state.traceparent;
  }
}

export interface PostedRelease {
  release: Release;
  businessDate: BusinessDate;
}
