import { isCnpj } from '../../tax-id';
import { urlSafe } from './assignments';
import { isCardNumber } from './cards';
import { JsonNumbers } from './json-numbers';
import { wordBefore } from './labels';
import { maskedCard, PHONE, PIX_KEY } from './masks';
import { NamedKind } from './names';
import { endOfPhone, endOfUnmistakablePhone } from './phones';
import { endOfUuid, tellsPixKey } from './pix-keys';
import { PlainView, Span } from './plain-view';
import { Found, looseTaxNumber, mayBeAlphanumeric, writtenTaxNumber } from './tax-numbers';

// What a character is to the scanner; up to LOWER they make words.
const DIGIT = 1;
const UPPER = 2;
const LOWER = 3;
const OPEN = 4;
const JOINER = 5;
const KINDS = new Uint8Array(65_536);
for (const [kind, characters] of [
  [DIGIT, '0123456789'],
  [UPPER, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [LOWER, 'abcdefghijklmnopqrstuvwxyz'],
  [OPEN, '(+'],
  [JOINER, ' .-/)'],
] as const)
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;

// Numbers of 44 to 48 digits that hold others: a payment slip's, an invoice's.
const SLIP =
  /\d{5}\.?\d{5} \d{5}\.?\d{6} \d{5}\.?\d{6} \d \d{14}(?!\d)|(?:\d{11}[ -]\d ?){4}(?!\d)|(?:\d{12} ){3}\d{12}(?!\d)|(?:\d{4} ){10}\d{4}(?!\d)/y;
const CARD =
  /(?:\d{4}[ .-]{0,2}\d{4}[ .-]{0,2}\d{4}[ .-]{0,2}\d{4}|3\d{3}[ .-]{0,2}\d{6}[ .-]{0,2}\d{4,5})(?![\dA-Za-z])/y;
const GROUPS_OF_CARDS: ReadonlySet<number> = new Set([4, 8, 10, 12, 14, 15, 16]);
const LONGEST_GROUP = 16;
const GLUED = /(?:cpf|cnpj|tel|fone|telefone|cel|celular|phone|whatsapp)(?=\d)/iy;

const BEGINS_GLUED: ReadonlySet<number> = new Set(Array.from('ctfpw', (letter) => letter.charCodeAt(0)));

/**
 * CPF, CNPJ, phone and card numbers. Reads the view once; patterns run only where a number of nine characters or
 * more begins. Where `bare` is false, digits alone do not make a number personal, only its written form does.
 */
export function numbersIn(view: PlainView, bare: boolean): Span[] {
  const { text } = view;
  const spans: Span[] = [];
  const json = new JsonNumbers(view);
  let inWord = false;
  for (let at = 0; at < text.length; at++) {
    const kind = KINDS[text.charCodeAt(at)] as number;
    if (kind === 0 || kind === JOINER) {
      inWord = false;
      continue;
    }
    if (inWord && kind <= LOWER) continue;
    inWord = kind <= LOWER;
    if (kind >= UPPER && kind <= LOWER && BEGINS_GLUED.has(text.charCodeAt(at) | 0x20)) {
      GLUED.lastIndex = at;
      if (GLUED.test(text)) {
        at = GLUED.lastIndex - 1;
        inWord = false;
        continue;
      }
    }
    const uuid = endOfUuid(text, at);
    if (uuid !== undefined && tellsPixKey(text, at)) spans.push({ start: at, end: uuid, by: PIX_KEY });
    const passed = uuid ?? endOfSlip(text, at, kind);
    if (passed !== undefined) at = passed - 1;
    else if (kind !== LOWER && mayHold(text, at)) {
      const found = find(view, at, kind, bare, json);
      if (!found) continue;
      const quote = json.quoteAround(at, found.end);
      spans.push({ start: at, end: found.end, by: quote + urlSafe(view, found.by, at, found.end) + quote });
      at = found.end - 1;
    }
  }
  return spans;
}

function endOfSlip(text: string, at: number, kind: number): number | undefined {
  if (kind !== DIGIT) return undefined;
  SLIP.lastIndex = at;
  return SLIP.test(text) ? SLIP.lastIndex : undefined;
}

/** Eight letters and digits with nothing but separators between. */
function mayHold(text: string, at: number): boolean {
  const stop = Math.min(text.length, at + 28);
  let count = 0;
  for (let i = at, gap = 0; i < stop && gap < 5; i++) {
    const kind = KINDS[text.charCodeAt(i)] as number;
    if (kind === 0) return false;
    if (kind > LOWER) gap++;
    else if (++count === 8) return true;
    else gap = 0;
  }
  return false;
}

function find(
  view: PlainView,
  at: number,
  kind: number,
  bare: boolean,
  json: JsonNumbers,
): Found | undefined {
  const { text } = view;
  if (kind === OPEN) {
    const end =
      text[at] === '+' && /\w/.test(text[at - 1] ?? '') ? undefined : endOfUnmistakablePhone(text, at);
    return end === undefined ? undefined : { end, by: PHONE };
  }
  // The tail of a fraction or a version, 0.52998224725.
  if (text[at - 1] === '.' && /\d/.test(text[at - 2] ?? '')) return undefined;
  if (kind === DIGIT && isLonelyDigit(text, at)) return undefined;
  const written = writtenTaxNumber(text, at);
  if (written) return written;
  const length = lengthOfGroup(text, at);
  if (length > LONGEST_GROUP || (kind === UPPER && !mayBeAlphanumeric(text, at, length))) return undefined;
  const label = wordBefore(text, at);
  const named = label !== undefined && label !== 'number' && label !== 'secret';
  if (!named && (!bare || label === 'number' || isPartOfAnId(text, at))) return undefined;
  const found = byDigits(text, at, kind, length, named ? label : undefined, json);
  return found && !goesOn(text, found.end) ? found : undefined;
}

function byDigits(
  text: string,
  at: number,
  kind: number,
  length: number,
  label: NamedKind | undefined,
  json: JsonNumbers,
): Found | undefined {
  if (kind === DIGIT && GROUPS_OF_CARDS.has(length)) {
    CARD.lastIndex = at;
    const card = CARD.exec(text)?.[0];
    if (card !== undefined) {
      const digits = card.replace(/\D/g, '');
      if (isCardNumber(digits) && !isCnpj(card)) return { end: at + card.length, by: maskedCard(digits) };
    }
  }
  if (label === 'phone') {
    const end = endOfPhone(text, at, label);
    if (end !== undefined) return { end, by: PHONE };
  }
  const tax = looseTaxNumber(text, at, length, label);
  if (tax || kind === UPPER) return tax;
  const end = endOfPhone(text, at, label);
  // A JSON number is a count, a moment, a duration: nobody stores a phone number so.
  return end === undefined || json.quoteAround(at, end) !== '' ? undefined : { end, by: PHONE };
}

/** Letters and digits up to the first separator: what is no group of a form need not be compared with it. */
function lengthOfGroup(text: string, at: number): number {
  let end = at;
  while (end - at <= LONGEST_GROUP && isUpperOrDigit(text.charCodeAt(end))) end++;
  return end - at;
}

function isUpperOrDigit(code: number): boolean {
  const kind = KINDS[code] as number;
  return kind === DIGIT || kind === UPPER;
}

const NINE_APART = /9[ .]\d{4}[ .-]/y;

/** One digit alone begins none of them, but the 9 of a mobile number. */
function isLonelyDigit(text: string, at: number): boolean {
  if (KINDS[text.charCodeAt(at + 1)] !== JOINER) return false;
  NINE_APART.lastIndex = at;
  return !NINE_APART.test(text);
}

/** `PED-52998224725`, `2025-11987654321`. */
function isPartOfAnId(text: string, at: number): boolean {
  return /[-_]/.test(text[at - 1] ?? '') && /[\dA-Z]/.test(text[at - 2] ?? '');
}

/** 52998224725.00 and 52998224725,00 are amounts, 52998224725-1 is an account or an id. */
function goesOn(text: string, end: number): boolean {
  return /^(?:[.-]\d|,\d\d(?!\d|\.\d))/.test(text.slice(end, end + 5));
}
