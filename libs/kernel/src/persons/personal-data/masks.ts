import { isCnpj, isCpf } from '../../tax-id';
import { isCardNumber } from './cards';
import { NamedKind } from './names';

/** What stands for a secret inside a text; a property that is one is gone altogether. */
export const REMOVED = '[removed]';
export const PHONE = '(**) ****-****';
export const PIX_KEY = '********-****-****-****-************';

/** `***.***.***-01`. Of a text that ends in the last two digits. */
export function maskedCpf(text: string): string {
  return `***.***.***-${text.slice(-2)}`;
}

/** `**.***.***` + `/****-81`, as a CPF. */
export function maskedCnpj(text: string): string {
  return `**.***.***/****-${text.slice(-2)}`;
}

/** `****1234`, which is how accounts are told, too. */
export function maskedCard(text: string): string {
  return `****${text.slice(-4)}`;
}

const SEPARATORS = /[^\dA-Za-z*]+/g;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The mask of a value whose name says what it is, so that neither check digits nor a form are asked for.
 * Undefined where it does not look like one: `phone: "iPhone 15"`.
 */
export function maskNamed(kind: NamedKind, value: string): string | undefined {
  const bare = value.replace(SEPARATORS, '');
  const digits = /^\d+$/.test(bare) ? bare.length : 0;
  switch (kind) {
    case 'phone':
      return digits >= 8 && digits <= 15 ? PHONE : undefined;
    case 'card':
      return digits >= 12 && digits <= 19 ? maskedCard(bare) : undefined;
    case 'cpf':
    case 'cnpj':
    case 'document':
      // Stored as a number, it has lost the zeros in front.
      if (digits >= 9 && digits <= 11) return maskedCpf(bare);
      return digits >= 12 && digits <= 14 ? maskedCnpj(bare) : maskedAlphanumericCnpj(bare.toUpperCase());
    case 'pixKey':
      return maskPixKey(value, bare, digits);
    default:
      return undefined;
  }
}

function maskedAlphanumericCnpj(bare: string): string | undefined {
  return /^[\dA-Z]{12}\d\d$/.test(bare) ? maskedCnpj(bare) : undefined;
}

/** E-mails are left to the general rules, which come after. */
function maskPixKey(value: string, bare: string, digits: number): string | undefined {
  if (UUID.test(value)) return PIX_KEY;
  if (digits === 11 && isCpf(bare) && !value.startsWith('+')) return maskedCpf(bare);
  if (isCnpj(bare.toUpperCase())) return maskedCnpj(bare);
  return digits >= 10 && digits <= 15 ? PHONE : undefined;
}

/** A JSON number that has the check digits of a person's or a card: nothing else is said of it. */
export function maskNumber(value: number): string | undefined {
  if (value < 1e10 || !Number.isSafeInteger(value)) return undefined;
  const digits = String(value);
  if (isCpf(digits)) return maskedCpf(digits);
  if (isCnpj(digits) && !isCompactTime(digits)) return maskedCnpj(digits);
  return isCardNumber(digits) ? maskedCard(digits) : undefined;
}

/** A text or number that is a card's number and nothing else. */
export function maskCard(value: string): string | undefined {
  if (value.length > 40 || !/^[\d .-]+$/.test(value)) return undefined;
  const digits = value.replace(/\D/g, '');
  return isCardNumber(digits) ? maskedCard(digits) : undefined;
}

const COMPACT_TIME =
  /^(?:19[7-9]|20[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/;

/** `20251126103000`: one in a hundred would pass for a CNPJ. A head office's, with 0001, is one even so. */
export function isCompactTime(digits: string): boolean {
  return COMPACT_TIME.test(digits) && digits.slice(8, 12) !== '0001';
}
