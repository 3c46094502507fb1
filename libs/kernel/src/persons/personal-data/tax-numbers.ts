import { isCnpj, isCpf } from '../../tax-id';
import { isCompactTime, maskedCnpj, maskedCpf } from './masks';
import { NamedKind } from './names';

const END = '(?![\\dA-Za-z])';
const here = (pattern: string): RegExp => new RegExp(`(?:${pattern})${END}`, 'y');

const CPF_WRITTEN = here(String.raw`\d{3}\.\d{3}\.\d{3}-\d{2}`);
const CPF_LOOSE = here(String.raw`\d{3}[ .-]{0,3}\d{3}[ .-]{0,3}\d{3}[ .\/-]{0,3}\d{2}`);
const ADDRESS = /^\d+(?:\.\d+){3}$/;
const CNPJ_WRITTEN = here(String.raw`[\dA-Za-z]{2}\.[\dA-Za-z]{3}\.[\dA-Za-z]{3}\/[\dA-Za-z]{4}-\d{2}`);
const CNPJ_LOOSE = here(
  String.raw`\d{2}[ .-]{0,3}\d{3}[ .-]{0,3}\d{3}[ .\/-]{0,3}\d{4}[ .\/-]{0,3}\d{2}|[\dA-Z]{2}[.-]?[\dA-Z]{3}[.-]?[\dA-Z]{3}[.\/-]?[\dA-Z]{4}[.\/-]?\d{2}`,
);

export interface Found {
  end: number;
  by: string;
}

/** A CPF or CNPJ with the points and dashes of its form, right or mistyped: nothing else has that form. */
export function writtenTaxNumber(text: string, at: number): Found | undefined {
  // Both have a point there, and asking for it is cheaper.
  if (text[at + 3] !== '.' && text[at + 2] !== '.') return undefined;
  const cpf = matched(CPF_WRITTEN, text, at);
  if (cpf !== undefined) return { end: at + cpf.length, by: maskedCpf(cpf) };
  const cnpj = matched(CNPJ_WRITTEN, text, at);
  return cnpj === undefined ? undefined : { end: at + cnpj.length, by: maskedCnpj(cnpj) };
}

// How long the first group may be, of the letters and digits that stand together.
const GROUPS_OF_CPF: ReadonlySet<number> = new Set([3, 6, 9, 11]);
const GROUPS_OF_CNPJ: ReadonlySet<number> = new Set([2, 5, 8, 12, 14]);

/** A CPF or CNPJ in any other form: its check digits tell it from an id, or the word before it. */
export function looseTaxNumber(
  text: string,
  at: number,
  length: number,
  label: NamedKind | undefined,
): Found | undefined {
  if (GROUPS_OF_CPF.has(length)) return looseCpf(text, at, label);
  return GROUPS_OF_CNPJ.has(length) ? looseCnpj(text, at, label) : undefined;
}

/** Whether a group that begins with a letter may be one: only a CNPJ has letters. */
export function mayBeAlphanumeric(text: string, at: number, length: number): boolean {
  return GROUPS_OF_CNPJ.has(length) && matched(CNPJ_LOOSE, text, at) !== undefined;
}

function looseCnpj(text: string, at: number, label: NamedKind | undefined): Found | undefined {
  const cnpj = matched(CNPJ_LOOSE, text, at);
  if (cnpj === undefined) return undefined;
  const characters = cnpj.replace(/[^\dA-Z]/g, '');
  const named = label === 'cnpj' || label === 'document';
  return named || (isCnpj(characters) && !isCompactTime(characters))
    ? { end: at + cnpj.length, by: maskedCnpj(cnpj) }
    : undefined;
}

function looseCpf(text: string, at: number, label: NamedKind | undefined): Found | undefined {
  const cpf = matched(CPF_LOOSE, text, at);
  if (cpf === undefined || ADDRESS.test(cpf)) return undefined;
  const named = label === 'cpf' || label === 'document';
  return named || isCpf(cpf.replace(/\D/g, '')) ? { end: at + cpf.length, by: maskedCpf(cpf) } : undefined;
}

function matched(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
const WORD = /[\dA-Za-z]+/g;
const HEX = /^(?=.*[a-f])[\da-f]{16,}$/i;
const NUMBERS = /(?<!\d)(?:\d{11}|\d{14})(?!\d)/g;

/** Whether an id was made of a CPF or CNPJ, `cliente52998224725`. In texts such a number is more often a part of an id. */
export function holdsTaxNumber(id: string): boolean {
  const words = id.normalize('NFKC').replace(UUID, ' ').match(WORD) ?? [];
  return words.some(
    (word) =>
      !HEX.test(word) &&
      (word.match(NUMBERS) ?? []).some(
        (digits) => isCpf(digits) || (isCnpj(digits) && !isCompactTime(digits)),
      ),
  );
}
