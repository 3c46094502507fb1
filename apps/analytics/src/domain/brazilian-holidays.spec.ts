import { holidaysOf, isBrazilianHoliday } from './brazilian-holidays';
import { dayAfter } from './local-time';

const daysOf = (year: number): string[] =>
  Array.from({ length: 366 }, (_, at) => dayAfter(`${year}-01-01`, at)).filter((day) =>
    day.startsWith(`${year}`),
  );

describe('Brazil’s holidays', () => {
  it.each([
    [2023, '02-20 02-21 04-07 06-08', false],
    [2024, '02-12 02-13 03-29 05-30', true],
    [2025, '03-03 03-04 04-18 06-19', true],
    [2026, '02-16 02-17 04-03 06-04', true],
    [2027, '02-08 02-09 03-26 05-27', true],
    // as late, and as early, as they ever are in these times
    [2038, '03-08 03-09 04-23 06-24', true],
    [2285, '02-02 02-03 03-20 05-21', true],
  ])('of %i are those that the government announced: %s', (year, movable, zumbi) => {
    const fixed = ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '12-25'];
    const expected = [...fixed, ...(zumbi ? ['11-20'] : []), ...movable.split(' ')].sort();
    expect(daysOf(year).filter(isBrazilianHoliday)).toEqual(expected.map((day) => `${year}-${day}`));
  });

  it('are none of whoever lives by other clocks', () => {
    expect(holidaysOf('America/Sao_Paulo')?.('2026-12-25')).toBe(true);
    expect(holidaysOf('Brazil/West')?.('2026-12-25')).toBe(true);
    expect(holidaysOf('America/Argentina/Buenos_Aires')).toBeUndefined();
    expect(holidaysOf('constructor')).toBeUndefined();
  });
});
