/** A part of a view, and what is to stand in the text instead. */
export interface Span {
  start: number;
  end: number;
  by: string;
}

const ODD = /[%\\+\u0080-\uffff]/;
const URL_LIKE = /^(?:[a-z][a-z\d+.-]*:\/\/|\/|\?|#)\S*$/i;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const PLUS = 0x2b;
const BLANK = 0x20;
const HYPHEN = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const UNKNOWN = 0xfffd;
const NOTHING = -1;

/**
 * A text as a person would read it: percent-encoding and JSON escapes undone, foreign digits, blanks and dashes as
 * ASCII, invisible characters gone. It knows for each character how the text spelled it, so that what is found in
 * the view is replaced in the text and the rest of the text stays as it was.
 */
export class PlainView {
  private urlLike: boolean | undefined;

  private constructor(
    private readonly source: string,
    readonly text: string,
    private readonly starts: Int32Array | undefined,
  ) {}

  static of(source: string): PlainView {
    if (!ODD.test(source)) return new PlainView(source, source, undefined);
    const units = new Uint16Array(source.length);
    const starts = new Int32Array(source.length + 1);
    let length = 0;
    let at = 0;
    const put: Put = (unit, end) => {
      // What cannot be seen belongs to the character before it.
      if (unit !== NOTHING) {
        starts[length] = length === 0 ? 0 : at;
        units[length++] = unit;
      }
      at = end;
    };
    while (at < source.length) {
      const code = source.charCodeAt(at);
      if (code === PERCENT) readPercent(source, at, put);
      else if (code === BACKSLASH) readBackslashes(source, at, put);
      else if (code === PLUS && isBlankPlus(source, at)) put(BLANK, at + 1);
      else if (code < 0x80) put(code, at + 1);
      else if (isSurrogate(code)) readPair(source, at, put);
      else put(plain(code), at + 1);
    }
    starts[length] = source.length;
    return new PlainView(source, textOf(units.subarray(0, length)), starts);
  }

  /** A URL or a part of one, in which a mask must not bring blanks. */
  get isUrl(): boolean {
    return (this.urlLike ??= URL_LIKE.test(this.source));
  }

  /** How the text spells this part of the view. */
  spelling(start: number, end: number): string {
    return this.source.slice(this.place(start), this.place(end));
  }

  /** How the text spells the quote that stands there, without what cannot be seen after it. */
  spellingOfQuote(at: number): string {
    const spelling = this.spelling(at, at + 1);
    return spelling.slice(0, spelling.indexOf('"') + 1) || spelling;
  }

  /** The text with these parts replaced; they are in order and do not overlap. */
  replace(spans: readonly Span[]): string {
    let out = '';
    let kept = 0;
    for (const { start, end, by } of spans) {
      out += this.source.slice(kept, this.place(start)) + by;
      kept = this.place(end);
    }
    return out + this.source.slice(kept);
  }

  private place(index: number): number {
    return this.starts ? (this.starts[index] as number) : index;
  }
}

type Put = (unit: number, end: number) => void;

/** Lone surrogates stay as they are in a short text; it is the same to us if they do not in a long one. */
function textOf(units: Uint16Array): string {
  return units.length < 4_096
    ? String.fromCharCode.apply(null, units as unknown as number[])
    : new TextDecoder('utf-16le', { ignoreBOM: true }).decode(units);
}

function readPercent(source: string, at: number, put: Put): void {
  const first = escapedByte(source, at);
  if (!first) put(PERCENT, at + 1);
  else if (first.byte < 0x80) put(first.byte, first.end);
  else {
    const length = first.byte >= 0xf0 ? 4 : first.byte >= 0xe0 ? 3 : 2;
    let code = first.byte & (0x7f >> length);
    let end = first.end;
    for (let i = 1; i < length; i++) {
      const next = source.charCodeAt(end) === PERCENT ? escapedByte(source, end) : undefined;
      if (!next || (next.byte & 0xc0) !== 0x80) {
        put(PERCENT, at + 1);
        return;
      }
      code = (code << 6) | (next.byte & 0x3f);
      end = next.end;
    }
    put(code <= 0xffff ? plain(code) : plainPair(code), end);
  }
}

function escapedByte(source: string, at: number): { byte: number; end: number } | undefined {
  // %2540 is what became of %40 when it was encoded again.
  let end = at + 1;
  while (source.startsWith('25', end) && hexByte(source, end + 2) >= 0) end += 2;
  const byte = hexByte(source, end);
  return byte < 0 ? undefined : { byte, end: end + 2 };
}

function hexByte(source: string, at: number): number {
  const high = hexDigit(source.charCodeAt(at));
  const low = hexDigit(source.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const QUOTE = 0x22;
const SLASH = 0x2f;
const LINE_END = 0x0a;
const HEX = /u([\dA-Fa-f]{4})/y;

/** JSON's escapes, at whatever depth of JSON in JSON: `\n`, `\\n`, `\\\\u0040`. */
function readBackslashes(source: string, at: number, put: Put): void {
  let end = at + 1;
  while (source.charCodeAt(end) === BACKSLASH) end++;
  HEX.lastIndex = end;
  const hex = HEX.exec(source)?.[1];
  const next = source.charCodeAt(end);
  if (hex !== undefined) put(plain(Number.parseInt(hex, 16)), end + 5);
  else if (end < source.length && 'nrtbf'.includes(source[end] as string)) put(LINE_END, end + 1);
  else if (next === QUOTE || next === SLASH) put(next, end + 1);
  else for (let i = at; i < end; i++) put(BACKSLASH, i + 1);
}

/** A form writes blanks so: `tel=11+98765-4321`. */
function isBlankPlus(source: string, at: number): boolean {
  return /[\d)]/.test(source[at - 1] ?? '') && /[\d(]/.test(source[at + 1] ?? '');
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function readPair(source: string, at: number, put: Put): void {
  const unit = plainPair(source.codePointAt(at) ?? 0);
  if (unit !== UNKNOWN) put(unit, at + 2);
  else put(source.charCodeAt(at), at + 1);
}

/** Mathematical digits and letters are ASCII in a costume; no other pair matters here. */
function plainPair(code: number): number {
  if (code < 0x1d400 || code > 0x1d7ff) return UNKNOWN;
  const folded = String.fromCodePoint(code).normalize('NFKC');
  return folded.length === 1 && folded < '\x7f' ? folded.charCodeAt(0) : UNKNOWN;
}

// For each character its plain one and 2, or 0 where nobody asked yet.
const PLAIN = new Int32Array(65_536);

function plain(code: number): number {
  let known = PLAIN[code] as number;
  if (known === 0) PLAIN[code] = known = fold(code) + 2;
  return known - 2;
}

function fold(code: number): number {
  const character = String.fromCharCode(code);
  if (code < 0x80) return code;
  // Marks, joiners and the fillers of Hangul.
  if (/[\p{Cf}\p{Mn}]|[\u115f\u1160\u3164\uffa0]/u.test(character)) return NOTHING;
  if (/[\p{Zs}·•]/u.test(character)) return BLANK;
  if (character === '。' || character === '｡') return POINT;
  if (/[\p{Pd}\u2212]/u.test(character)) return HYPHEN;
  if (/\p{Nd}/u.test(character)) {
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCharCode(zero - 1))) zero--;
    return ZERO + ((code - zero) % 10);
  }
  const folded = character.normalize('NFKC');
  return folded.length === 1 && folded < '\x7f' ? folded.charCodeAt(0) : code;
}
