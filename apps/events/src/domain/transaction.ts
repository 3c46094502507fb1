import { DomainError, Money } from '@libs/kernel';
import { TrackedEvent } from './tracked-event';

/** What a critical event says of somebody's money. */
export interface Transaction {
  type: 'expense' | 'income';
  /** Positive; `type` tells the direction. */
  amount: Money;
  /** ISO 4217. */
  currency: string;
  /** For the person whose money it is, in Portuguese. */
  description: string;
  /** The client's own category, else what the type of event says. */
  categoryId: string;
}

const TRANSFERS: Record<string, string> = {
  pix: 'Transferência PIX',
  ted: 'Transferência TED',
  doc: 'Transferência DOC',
  internal: 'Transferência entre contas',
};
const PAYMENTS: Record<string, string> = {
  pix: 'Pagamento PIX',
  boleto: 'Pagamento de boleto',
  card: 'Pagamento com cartão',
  credit_card: 'Pagamento com cartão de crédito',
  debit_card: 'Pagamento com cartão de débito',
};

/**
 * The transaction that `transfer_completed` or `payment_completed` tells of. A transfer is an expense unless its `direction`
 * is `in`; a payment always is. Undefined for other types, and for an event that does not say how much (`/events/track`).
 */
export function transactionOf(event: TrackedEvent): Transaction | undefined {
  const isTransfer = event.eventType === 'transfer_completed';
  if (!isTransfer && event.eventType !== 'payment_completed') return undefined;
  const { properties } = event;
  const amount = amountOf(properties['amount']);
  if (!amount) return undefined;
  const type = isTransfer && properties['direction'] === 'in' ? 'income' : 'expense';
  return {
    type,
    amount,
    currency: textOf(properties['currency']) ?? 'BRL',
    description:
      textOf(properties['description']) ??
      (isTransfer ? transferText(properties, type) : paymentText(properties)),
    categoryId:
      textOf(properties['category_id']) ??
      textOf(properties['category']) ??
      (isTransfer ? 'transfers' : 'payments'),
  };
}

function amountOf(value: unknown): Money | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const amount = Money.parse(value);
    return amount.isZero() || amount.isNegative() ? undefined : amount;
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function transferText(properties: Record<string, unknown>, type: Transaction['type']): string {
  const text = wordOf(TRANSFERS, properties['transfer_type']) ?? 'Transferência';
  return type === 'income' ? `${text} recebida` : text;
}

function paymentText(properties: Record<string, unknown>): string {
  const merchant = textOf(properties['merchant']);
  if (merchant !== undefined) return `Pagamento a ${merchant}`;
  return wordOf(PAYMENTS, properties['payment_method']) ?? 'Pagamento';
}

function wordOf(words: Record<string, string>, key: unknown): string | undefined {
  return typeof key === 'string' && Object.hasOwn(words, key) ? words[key] : undefined;
}
