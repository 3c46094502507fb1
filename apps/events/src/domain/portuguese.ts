const MAX_LENGTH = 80;
// What would break a line or turn the reading direction of the sentence around it.
const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu;
const AMOUNT = /^-?\d{1,18}\.\d{2}$/;

/** `"1234.50"` as it is written in Brazil: `R$ 1.234,50`. Undefined for what is no amount. */
export function moneyText(amount: unknown, currency: unknown = 'BRL'): string | undefined {
  if (typeof amount !== 'string' || !AMOUNT.test(amount)) return undefined;
  const [whole = '', cents = ''] = amount.split('.');
  const symbol = typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : 'BRL';
  return `${symbol === 'BRL' ? 'R$' : symbol} ${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${cents}`;
}

/** What a client named something, fit to stand in a sentence; undefined where it named nothing. */
export function nameText(value: unknown, max = MAX_LENGTH): string | undefined {
  if (typeof value !== 'string') return undefined;
  const clean = value
    .slice(0, max * 4)
    .toWellFormed()
    .replace(UNWANTED, ' ')
    .trim();
  const characters = [...clean];
  if (characters.length === 0) return undefined;
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : clean;
}

/** `"2026-11-16"` as `16/11/2026`. */
export function dayText(day: string): string {
  return day.split('-').reverse().join('/');
}
