import { BusinessDate, newId, TenantId } from '@libs/kernel';
import { Entry } from '../src/domain/entry';

export const ACME = '019a2b3c-0000-7000-8000-00000000ac3e' as TenantId;
export const OTHER = '019a2b3c-0000-7000-8000-0000000007e4' as TenantId;

/** `anEntry().credit('10.00').at('2026-03-10T12:00:00.000Z').build()`; booked on its day in São Paulo unless told. */
export class EntryBuilder {
  private tenantId: string = ACME;
  private releaseId = newId();
  private occurredAt = '2026-03-10T12:00:00.000Z';
  private amount = '10.00';
  private businessDate?: string;

  of(tenantId: TenantId): this {
    this.tenantId = tenantId;
    return this;
  }

  release(releaseId: string): this {
    this.releaseId = releaseId;
    return this;
  }

  credit(amount: string): this {
    this.amount = amount;
    return this;
  }

  debit(amount: string): this {
    this.amount = `-${amount}`;
    return this;
  }

  at(occurredAt: string): this {
    this.occurredAt = occurredAt;
    return this;
  }

  bookedOn(businessDate: string): this {
    this.businessDate = businessDate;
    return this;
  }

  build(): Entry {
    const businessDate =
      this.businessDate ?? BusinessDate.of(new Date(this.occurredAt), 'America/Sao_Paulo').toString();
    const { tenantId, releaseId, occurredAt, amount } = this;
    return Entry.of({ tenantId, releaseId, occurredAt, businessDate, amount });
  }
}

export function anEntry(): EntryBuilder {
  return new EntryBuilder();
}
