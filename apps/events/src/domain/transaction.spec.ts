import { aLoggedEvent } from '../../test/logged-event.builder';
import { transactionOf } from './transaction';

const read = (eventType: string, properties: Record<string, unknown>) => {
  const transaction = transactionOf(aLoggedEvent({ eventType, properties }));
  return transaction && { ...transaction, amount: transaction.amount.toString() };
};

describe('the transaction of an event', () => {
  it('is an expense for a transfer, by its kind', () => {
    expect(read('transfer_completed', { amount: '150.50', transfer_type: 'pix' })).toEqual({
      type: 'expense',
      amount: '150.50',
      currency: 'BRL',
      description: 'Transferência PIX',
      categoryId: 'transfers',
    });
  });

  it('is an income for a transfer that comes in', () => {
    expect(
      read('transfer_completed', { amount: '1.00', transfer_type: 'ted', direction: 'in' }),
    ).toMatchObject({
      type: 'income',
      description: 'Transferência TED recebida',
    });
  });

  it.each([
    [{ payment_method: 'boleto' }, 'Pagamento de boleto'],
    [{ payment_method: 'boleto', merchant: 'Padaria Central' }, 'Pagamento a Padaria Central'],
    [{ payment_method: 'constructor' }, 'Pagamento'],
    [{ description: 'Almoço', merchant: 'Padaria Central' }, 'Almoço'],
  ])('says of a payment with %j: %s', (properties, description) => {
    expect(read('payment_completed', { amount: '9.90', direction: 'in', ...properties })).toMatchObject({
      type: 'expense',
      description,
      categoryId: 'payments',
    });
  });

  it("takes the client's category, by id before name", () => {
    expect(read('payment_completed', { amount: '1.00', category: 'food' })?.categoryId).toBe('food');
    expect(
      read('payment_completed', { amount: '1.00', category: 'food', category_id: 'c-1' })?.categoryId,
    ).toBe('c-1');
  });

  it.each([[undefined], [150.5], ['150.5'], ['0.00'], ['-1.00'], ['1e3'], ['10000000000000000.00'], [{}]])(
    'is none where the amount is %p',
    (amount) => {
      expect(read('transfer_completed', { amount })).toBeUndefined();
    },
  );

  it('is none for other events', () => {
    expect(read('transfer_confirmed', { amount: '1.00' })).toBeUndefined();
  });
});
