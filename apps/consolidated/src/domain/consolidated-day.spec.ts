import { BusinessDate } from '@libs/kernel';
import { Balance } from './balance';
import { ConsolidatedDay } from './consolidated-day';

const day = (text: string) => BusinessDate.parse(text);
const reais = (text: string) => Balance.fromCents(text.replace('.', ''));

describe('ConsolidatedDay', () => {
  it('closes with what it opened with, plus credits, minus debits', () => {
    const closed = new ConsolidatedDay(day('2026-03-10'), reais('-5.00'), {
      credits: reais('12.00'),
      debits: reais('2.50'),
      count: 3,
    });
    expect(closed.balance.toString()).toBe('9.50');
    expect(closed.closingBalance.toString()).toBe('4.50');
  });

  it('runs over days without movement and carries the balance through them', () => {
    const moved = { credits: reais('7.00'), debits: Balance.ZERO, count: 1 };
    const days = ConsolidatedDay.run(
      day('2024-02-28'),
      day('2024-03-01'),
      reais('1.00'),
      new Map([['2024-02-29', moved]]),
    );
    expect(
      days.map((each) => [
        each.date.toString(),
        String(each.openingBalance),
        String(each.closingBalance),
        each.count,
      ]),
    ).toEqual([
      ['2024-02-28', '1.00', '1.00', 0],
      ['2024-02-29', '1.00', '8.00', 1],
      ['2024-03-01', '8.00', '8.00', 0],
    ]);
  });
});
