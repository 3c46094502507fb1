import { isCnpj, isCpf } from '@libs/kernel';

// 52998224725.00 is an amount, 52998224725x somebody's id: a number ends where no word or fraction goes on.
const END = String.raw`(?!\w|\.\d)`;
const AREA = '(?:[14689][1-9]|2[12478]|3[1-578]|5[1345]|7[134579])';
const here = (...patterns: string[]): RegExp => new RegExp(`(?:${patterns.join('|')})${END}`, 'y');

const CNPJ = here(
  String.raw`[\dA-Z]{2}\.[\dA-Z]{3}\.[\dA-Z]{3}\/[\dA-Z]{4}-\d{2}`,
  String.raw`[\dA-Z]{8}\/?[\dA-Z]{4}-?\d{2}`,
);
const CPF = here(String.raw`\d{3}[. ]\d{3}[. ]\d{3}[-/ ]\d{2}`, String.raw`\d{9}-?\d{2}`);
const PHONE = here(
  String.raw`\(0?${AREA}\) ?9?[ .]?\d{4}[ .-]?\d{4}`,
  String.raw`(?:55[ .-])?${AREA}[ .-]9?[ .]?\d{4}[ -]?\d{4}`,
  String.raw`9[ .]?\d{4}-\d{4}`,
  String.raw`(?:55|0)?${AREA}(?:9\d{4}|[2-5]\d{3})-?\d{4}`,
);
// With a plus in front there is no mistaking it, whatever the country.
const PHONE_INTERNATIONAL = here(
  String.raw`(?:\+|%2B)55[ .-]?\(?\d{2}\)?[ .-]?9?[ .]?\d{4}[ .-]?\d{4}`,
  String.raw`(?:\+|%2B)[1-9]\d{9,14}`,
);

// What a character is to the scanner; up to LOWER they make words.
const DIGIT = 1;
const UPPER = 2;
const LOWER = 3;
const OPEN = 4;
const PLUS = 5;
const PERCENT = 6;
const ESCAPE = 7;
const JOINER = 8;
const QUOTE = 0x22;
const HYPHEN = 0x2d;
const UUID_LENGTH = 36;
const KINDS = new Uint8Array(65_536);
for (const [kind, characters] of [
  [DIGIT, '0123456789'],
  [UPPER, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [LOWER, 'abcdefghijklmnopqrstuvwxyz_'],
  [OPEN, '('],
  [PLUS, '+'],
  [PERCENT, '%'],
  [ESCAPE, '\\'],
  [JOINER, ' .-/)'],
] as const)
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;

/** CPF, CNPJ (alphanumeric too) and Brazilian phone numbers. Reads the line once; patterns run only where they may hold. */
export function redactNumbers(line: string, from: number): string {
  let out = '';
  let kept = 0;
  let inWord = false;
  const numbers = new JsonNumbers(line);
  for (let at = from; at < line.length; at++) {
    const kind = KINDS[line.charCodeAt(at)] as number;
    if (kind === 0 || kind === JOINER) {
      inWord = false;
      if (isUuid(line, at)) at += UUID_LENGTH;
    } else if (kind === LOWER || (inWord && kind <= UPPER && !(kind === DIGIT && isLabelled(line, at)))) {
      inWord = true;
    } else if (kind === ESCAPE) {
      inWord = false;
      at = endOfEscape(line, at);
    } else {
      inWord = kind <= UPPER;
      const found = mayHold(line, at) ? find(line, at, kind, numbers) : undefined;
      if (found) {
        out += line.slice(kept, at) + (numbers.isOne(at, found.end) ? `"${found.label}"` : found.label);
        kept = found.end;
        at = found.end - 1;
      } else if (kind === PERCENT) at += 2;
    }
  }
  return kept === 0 ? line : out + line.slice(kept);
}

/** Most lines carry several in quotes, and nothing else in quotes has that form. */
function isUuid(line: string, quote: number): boolean {
  return (
    line.charCodeAt(quote + 9) === HYPHEN &&
    line.charCodeAt(quote + 14) === HYPHEN &&
    line.charCodeAt(quote + 19) === HYPHEN &&
    line.charCodeAt(quote + 24) === HYPHEN &&
    line.charCodeAt(quote) === QUOTE &&
    line.charCodeAt(quote + UUID_LENGTH + 1) === QUOTE
  );
}

/** `cpf52998224725`: a number though it stands inside a word. */
function isLabelled(line: string, at: number): boolean {
  const lastLetter = line.charCodeAt(at - 1) | 0x20;
  if (lastLetter !== 0x66 && lastLetter !== 0x6a) return false;
  return /(?:cpf|cnpj)$/i.test(line.slice(Math.max(0, at - 4), at));
}

/** The last character of `\n`, `\u00e7`, or of JSON's own escapes inside a string, `\\n`. */
function endOfEscape(line: string, at: number): number {
  while (line[at + 1] === '\\') at++;
  if (line[at + 1] === 'u') return at + 5;
  return /[nrtbf"]/.test(line[at + 1] ?? '') ? at + 1 : at;
}

/** At least nine letters and digits with nothing but separators between. */
function mayHold(line: string, at: number): boolean {
  const stop = Math.min(line.length, at + 24);
  let count = 0;
  for (let i = at; i < stop; i++) {
    const kind = KINDS[line.charCodeAt(i)] as number;
    if (kind === 0 || kind === LOWER || kind === ESCAPE) return false;
    if (kind <= UPPER && ++count === 9) return true;
  }
  return false;
}

function find(
  line: string,
  at: number,
  kind: number,
  numbers: JsonNumbers,
): { label: string; end: number } | undefined {
  // The tail of a fraction, 0.52998224725.
  if (kind === DIGIT && line[at - 1] === '.' && KINDS[line.charCodeAt(at - 2)] === DIGIT) return undefined;
  if (kind === PLUS || kind === PERCENT) return match(PHONE_INTERNATIONAL, line, at, '[phone]');
  const cnpj = match(
    CNPJ,
    line,
    at,
    '[cnpj]',
    (text) => text.includes('.') || isCnpj(text.replace(/[/-]/g, '')),
  );
  if (cnpj || kind === UPPER) return cnpj;
  const cpf = match(CPF, line, at, '[cpf]', (text) => /[. ]/.test(text) || isCpf(text.replace('-', '')));
  if (cpf) return cpf;
  if (inUuid(line, at)) return undefined;
  const phone = match(PHONE, line, at, '[phone]', (text) => !inUuid(line, at + text.length + 1));
  // A JSON number is a count, an offset, a duration: nobody stores a phone number so.
  return phone && numbers.isOne(at, phone.end) ? undefined : phone;
}

/** The parts of a UUID in running text: 55113333-4444-… is no phone number, nor is …-8555-551133334444. */
function inUuid(line: string, at: number): boolean {
  return line[at - 1] === '-' && /^[\da-f]{4}-[\da-f]/.test(line.slice(at - 5, at + 1));
}

function match(pattern: RegExp, line: string, at: number, label: string, holds?: (text: string) => boolean) {
  pattern.lastIndex = at;
  const text = pattern.exec(line)?.[0];
  return text !== undefined && (holds?.(text) ?? true) ? { label, end: at + text.length } : undefined;
}

/** Tells JSON numbers from digits in strings. Asked for ever later places, so the line is read once at most. */
class JsonNumbers {
  private at = 0;
  private inString = false;

  constructor(private readonly line: string) {}

  isOne(start: number, end: number): boolean {
    const { line } = this;
    if (!':,['.includes(line[start - 1] ?? ' ') || !',]}'.includes(line[end] ?? ' ')) return false;
    for (; this.at < start; this.at++) {
      if (line[this.at] === '\\') this.at++;
      else if (line[this.at] === '"') this.inString = !this.inString;
    }
    return !this.inString;
  }
}
