import fc from 'fast-check';
import { aLoggedEvent } from '../../test/logged-event.builder';
import { notificationOf } from './notification';

const told = (eventType: string, properties: Record<string, unknown> = {}) =>
  notificationOf(aLoggedEvent({ eventType, properties }));

describe('notifications', () => {
  it('tell of a passed budget with what was spent, of which limit, on what and when', () => {
    const properties = {
      category: 'Alimentação',
      limit_amount: '1000.00',
      spent_amount: '1234.50',
      period: 'month',
    };
    expect(told('budget_exceeded', properties)).toEqual({
      type: 'budget_alert',
      title: 'Orçamento ultrapassado',
      message:
        'Você já gastou R$ 1.234,50 e passou do limite de R$ 1.000,00 do orçamento deste mês para Alimentação.',
      priority: 'high',
    });
    expect(told('budget_exceeded')).toMatchObject({ message: 'Você passou do limite do orçamento.' });
  });

  it('tell of goals, cashback and achievements', () => {
    expect(told('goal_completed', { name: 'Viagem', saved_amount: '5000.00' })).toEqual({
      type: 'goal_completed',
      title: 'Meta concluída',
      message: 'Parabéns! Você concluiu a sua meta “Viagem”, com R$ 5.000,00.',
      priority: 'normal',
    });
    expect(told('cashback_earned', { amount: '12.50', merchant: 'Padaria' })).toMatchObject({
      type: 'cashback',
      message: 'Você recebeu R$ 12,50 de volta pela compra em Padaria.',
      priority: 'low',
    });
    expect(
      told('achievement_unlocked', { name: 'Poupador', description: 'Três metas.', points: 50 }),
    ).toMatchObject({
      type: 'achievement',
      message: 'Você desbloqueou a conquista “Poupador”: Três metas. Você ganhou 50 pontos.',
    });
  });

  it('are made of no other type', () => {
    for (const eventType of ['page_view', 'transfer_completed', 'goal_created', 'constructor', '__proto__'])
      expect(told(eventType)).toBeUndefined();
  });

  it('show other currencies by their code', () => {
    expect(told('cashback_earned', { amount: '1000000.05', currency: 'USD' })).toMatchObject({
      message: 'Você recebeu USD 1.000.000,05 de volta.',
    });
  });

  it('let no name break the line, turn its direction or fill the screen', () => {
    const name = `a\r\nb\u202Ec\0${'x'.repeat(5_000)}`;
    const message = told('goal_completed', { name })?.message ?? '';
    expect(message).not.toMatch(/[\p{Cc}\u202E]/u);
    expect(message.length).toBeLessThan(150);
  });

  it('come of whatever properties a client sends', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('budget_exceeded', 'goal_completed', 'cashback_earned', 'achievement_unlocked'),
        fc.dictionary(
          fc.constantFrom(
            ...['category', 'limit_amount', 'spent_amount', 'period', 'currency', 'name'],
            ...['amount', 'merchant', 'description', 'points', 'saved_amount'],
          ),
          fc.anything(),
        ),
        (eventType, properties) => {
          const message = told(eventType, properties)?.message ?? '';
          expect(message).toMatch(/^\S.*[.]$/u);
          expect(message.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
