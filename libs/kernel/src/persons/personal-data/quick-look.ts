import { labelBefore } from './labels';
import { endOfUuid, tellsPixKey } from './pix-keys';

// What a character means to the look; up to UPPER they may be a CNPJ's.
const DIGIT = 1;
const UPPER = 2;
const LETTER = 3;
const BLANK = 4;
const JOINER = 5;
const POINT = 6;
const ALWAYS = 7;
const ASSIGNS = 8;
const ASK = 9;
const ASK_UPPER = 10;
const ASK_LETTER = 11;
const KINDS = new Uint8Array(256).fill(0);
for (const [kind, characters] of [
  [DIGIT, '0123456789'],
  [UPPER, 'ACDEFGHIJKLMNOPQRSTUVWXYZ'],
  [LETTER, 'abcdefghijklmnopqrstuvwxyz'],
  [BLANK, ' +()'],
  [JOINER, '-/'],
  [POINT, '.'],
  [ALWAYS, '@%\\\u00a0\u00b7\u00ad\u00b2\u00b3\u00b9'],
  [ASSIGNS, '=:>'],
  [ASK, '_$'],
  [ASK_UPPER, 'BJI'],
  [ASK_LETTER, 'b'],
] as const)
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;

const FEWEST_DIGITS = 9;
const CNPJ_LENGTH = 14;
const NINE = 0x39;
const HYPHEN = 0x2d;
// Of a UUID's 36 characters.
const FIRST_GROUP = 8;
const AFTER_FIRST_GROUP = 28;
const SLASH = 0x2f;

/**
 * Whether a text may hold personal data at all. Most hold none, and this one pass over their characters is all that
 * they cost; whatever it lets by is free, so it must err on the side of looking.
 */
export function mayHoldPersonalData(text: string): boolean {
  let digits = 0;
  let run = 0;
  let group = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) return true;
    switch (KINDS[code]) {
      case DIGIT:
        group++;
        run++;
        if (++digits >= FEWEST_DIGITS || (run >= CNPJ_LENGTH && group > 1)) return true;
        break;
      case UPPER:
        digits = group = 0;
        run++;
        break;
      case LETTER:
        digits = group = run = 0;
        break;
      case BLANK:
        group = 0;
        run = 0;
        break;
      case JOINER:
        if (endsTokenPrefix(text, at) || isInPixKey(text, at)) return true;
        group = 0;
        break;
      case POINT:
        // A version's 0.: of what we look for, only a 9 stands alone before a point.
        if (text.charCodeAt(at - 1) === 0x47 && text.charCodeAt(at - 2) === 0x53) return true;
        if (group === 1 && text.charCodeAt(at - 1) !== NINE) digits = 0;
        group = 0;
        break;
      case ALWAYS:
        return true;
      case ASSIGNS:
        if (assignsPersonalData(text, at, code)) return true;
        digits = group = run = 0;
        break;
      case ASK_UPPER:
        if (beginsSecret(text, at, code)) return true;
        digits = group = 0;
        run++;
        break;
      case ASK_LETTER:
      case ASK:
        if (beginsSecret(text, at, code)) return true;
        digits = group = run = 0;
        break;
      default:
        digits = group = run = 0;
    }
  }
  return false;
}

/** xoxb-, glpat-, sk- */
function endsTokenPrefix(text: string, at: number): boolean {
  const code = text.charCodeAt(at - 1);
  if (code === 0x6b || code === 0x74) return /(?:\bsk|glpat)$/.test(text.slice(Math.max(0, at - 6), at));
  return text.charCodeAt(at - 2) === 0x78 && text.charCodeAt(at - 3) === 0x6f;
}

/** By its first hyphen. Most have too few digits in a row to be looked at for those. */
function isInPixKey(text: string, at: number): boolean {
  return (
    at > FIRST_GROUP &&
    at + AFTER_FIRST_GROUP <= text.length &&
    text.charCodeAt(at + 5) === HYPHEN &&
    endOfUuid(text, at - FIRST_GROUP) !== undefined &&
    tellsPixKey(text, at - FIRST_GROUP)
  );
}

function assignsPersonalData(text: string, at: number, code: number): boolean {
  if (code === 0x3d && /[?&#]code$/.test(text.slice(Math.max(0, at - 5), at))) return true;
  if (code === 0x3a && text.charCodeAt(at + 1) === SLASH && text.charCodeAt(at + 2) === SLASH) return false;
  return labelBefore(text, at).kind !== undefined;
}

/** The letters in which the forms of secrets.ts are rarest. */
function beginsSecret(text: string, at: number, code: number): boolean {
  switch (code) {
    case 0x4a: // eyJ
      return text.startsWith('ey', at - 2);
    case 0x49: // AKIA, ASIA, AIza
      return (
        (text.charCodeAt(at + 1) === 0x41 && text.charCodeAt(at - 2) === 0x41) ||
        text.startsWith('za', at + 1)
      );
    case 0x42:
    case 0x62: // Bearer, Basic, BEGIN, br.gov.bcb.pix
      return /^b(?:earer|asic|egin |r\.gov)/i.test(text.slice(at, at + 7));
    case 0x5f: // mf_live_, mf_test_, mf_refresh_, ghp_, github_pat_
      return (
        /gh[pousr]$/.test(text.slice(Math.max(0, at - 3), at)) ||
        text.startsWith('pat_', at + 1) ||
        text.startsWith('live_', at + 1) ||
        text.startsWith('test_', at + 1) ||
        text.startsWith('refresh_', at + 1)
      );
    default: // $argon2, $2b$
      return text.startsWith('argon', at + 1) || /^2[abxy]\$/.test(text.slice(at + 1, at + 4));
  }
}
