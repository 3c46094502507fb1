import { kindOfName, NamedKind, personalKindOfName } from './names';

/** The name that stands before a `=` or `:` of a text, or as a word before a number. */
export interface Label {
  kind: NamedKind | undefined;
  /** Where the name's closing quote stands, if it has one: `"cpf":`. */
  quote: number;
}

const LONGEST_NAME = 48;
const LONGEST_WORD = 24;
const NONE: Label = { kind: undefined, quote: -1 };

// 1: stands in names; 2: between a name and what follows it; 3: quotes.
const ROLES = new Uint8Array(65_536);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-[].')
  ROLES[character.charCodeAt(0)] = 1;
for (let code = 0xc0; code <= 0x17f; code++) ROLES[code] = 1;
for (const character of '"\'\\') ROLES[character.charCodeAt(0)] = 3;
const BLANK = 0x20;

/** What the name that ends before `end` says of being personal; a name may be two words, `chave pix`. */
export function labelBefore(text: string, end: number): Label {
  let at = end;
  while (at > 0 && end - at < 2 && text.charCodeAt(at - 1) === BLANK) at--;
  let quote = -1;
  const quoted = at;
  while (at > 0 && quoted - at < 16 && ROLES[text.charCodeAt(at - 1)] === 3) {
    if (text.charCodeAt(at - 1) !== 0x5c) quote = at - 1;
    at--;
  }
  const kind = kindBefore(text, at, quote === -1, personalKindOfName);
  return kind === undefined ? NONE : { kind, quote };
}

/** By the last word or, where that says nothing, by the last two. */
function kindBefore(
  text: string,
  end: number,
  ofTwoWords: boolean,
  kindOf: (name: string) => NamedKind | undefined,
): NamedKind | undefined {
  const last = startOfWord(text, end, LONGEST_NAME);
  if (last === end) return undefined;
  const kind = kindOf(text.slice(last, end));
  if (kind !== undefined || !ofTwoWords || text.charCodeAt(last - 1) !== BLANK) return kind;
  const second = startOfWord(text, last - 1, LONGEST_WORD);
  return second === last - 1 ? undefined : kindOf(text.slice(second, end));
}

function startOfWord(text: string, end: number, longest: number): number {
  let at = end;
  while (at > 0 && end - at < longest && ROLES[text.charCodeAt(at - 1)] === 1) at--;
  return at;
}

// 1: stands between a word and its number; 2: ends a word.
const AROUND = new Uint8Array(65_536);
for (const character of ' :=#"\'\\([/_-.>º°,') AROUND[character.charCodeAt(0)] = 1;
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  AROUND[character.charCodeAt(0)] = 2;
for (let code = 0xc0; code <= 0x17f; code++) AROUND[code] = 2;
const MONEY = 0x24;

/** What the words before a number say: `pedido nº 123`, `/orders/123`, `CPF: 123`. */
export function wordBefore(text: string, start: number): NamedKind | undefined {
  let at = start;
  while (at > 0 && start - at < 6 && AROUND[text.charCodeAt(at - 1)] === 1) at--;
  const code = text.charCodeAt(at - 1);
  if (code === MONEY) return 'number';
  return AROUND[code] === 2 ? kindBefore(text, at, true, kindOfName) : undefined;
}
