import { Money, ReleaseId, TenantId, UserId, newId } from '@libs/kernel';
import { Release } from '../src/domain/release';
import { Metadata } from '../src/domain/release-draft';

/** Builds accepted releases for tests: `aRelease().of(tenantId).debit('10.00').build()`. */
export function aRelease(): ReleaseBuilder {
  return new ReleaseBuilder();
}

export class ReleaseBuilder {
  private id = newId<ReleaseId>();
  private tenantId = newId<TenantId>();
  private userId = newId<UserId>();
  private amount = Money.parse('150.00');
  private text = 'Venda no balcão';
  private time = new Date('2026-11-22T12:00:00.000Z');
  private meta: Metadata | undefined;
  private hash = 'hash-of-the-input';

  identifiedBy(id: string): this {
    this.id = id as ReleaseId;
    return this;
  }

  of(tenantId: TenantId): this {
    this.tenantId = tenantId;
    return this;
  }

  credit(amount: string): this {
    this.amount = Money.parse(amount);
    return this;
  }

  debit(amount: string): this {
    this.amount = Money.parse(amount).negate();
    return this;
  }

  described(text: string): this {
    this.text = text;
    return this;
  }

  at(time: string): this {
    this.time = new Date(time);
    return this;
  }

  with(metadata: Metadata): this {
    this.meta = metadata;
    return this;
  }

  hashed(hash: string): this {
    this.hash = hash;
    return this;
  }

  build(): Release {
    return Release.resume({
      id: this.id,
      tenantId: this.tenantId,
      userId: this.userId,
      amount: this.amount,
      description: this.text,
      occurredAt: this.time,
      metadata: this.meta,
      inputHash: this.hash,
      requestId: 'request-of-the-test',
    });
  }
}
