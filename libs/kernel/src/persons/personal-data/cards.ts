// Visa, Mastercard, Elo, Hipercard, Discover, UnionPay, JCB; Diners; American Express: how their numbers begin.
const ISSUED =
  /^(?:(?:4\d{3}|5[0-8]\d\d|6[0-7]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720|35(?:2[89]|[3-8]\d))\d{12}|3(?:0[0-5]|[689]\d)\d{11}|3[47]\d{13})$/;

/** Whether these digits are a payment card's: issued by a known network, and right by Luhn (ISO/IEC 7812-1). */
export function isCardNumber(digits: string): boolean {
  if (!ISSUED.test(digits)) return false;
  let sum = 0;
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const digit = digits.charCodeAt(i) - 48;
    sum += twice ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit;
  }
  return sum % 10 === 0;
}
