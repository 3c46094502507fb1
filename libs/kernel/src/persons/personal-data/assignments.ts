import { labelBefore } from './labels';
import { maskNamed, REMOVED } from './masks';
import { backslashes, bareSpelling, OpenStrings } from './open-strings';
import { PlainView, Span } from './plain-view';

const UNQUOTED = /(?:(?:Bearer|Basic|Digest|Token) {1,8})?[^\s"'&;,<>()[\]{}|#]*/iy;
// Each label of a text reads this much again at most.
const UNQUOTED_NUMBER = /[^=\s"'&;,<>()[\]{}|#]{0,64}/y;
const WORDS_OF_JSON = /^(?:true|false|null)$/;
const CLOSES = 0x3e;
const ELEMENT = /<[\w:.-]+$/;
const LONGEST_NUMBER = 64;
const QUOTES = '"\'`';

/** `password=…`, `"cpf":"…"`, `token: …` in a running text, at whatever depth of JSON in JSON. */
export function assignmentsIn(view: PlainView): Span[] {
  const { text } = view;
  const strings = new OpenStrings(view);
  const spans: Span[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x3d && code !== 0x3a && code !== CLOSES) continue;
    const label = labelBefore(text, at);
    if (!label.kind) continue;
    let start = at + 1;
    while (text[start] === ' ' && start - at < 3) start++;
    if (code === CLOSES && (label.kind !== 'secret' || !ELEMENT.test(text.slice(Math.max(0, at - 50), at))))
      continue;
    const end = strings.endWithin(
      start,
      code === CLOSES ? endOfElement(text, start) : endOfValue(view, start, label.kind === 'secret'),
    );
    if (end === start || text.startsWith(REMOVED, start)) continue;
    const by = replacement(view, label.kind, start, end, label.quote);
    if (by !== undefined) {
      spans.push({ start, end, by });
      at = end - 1;
    } else if (label.kind === 'secret') at = end - 1;
  }
  return spans;
}

function replacement(
  view: PlainView,
  kind: NonNullable<ReturnType<typeof labelBefore>['kind']>,
  start: number,
  end: number,
  nameQuote: number,
): string | undefined {
  const { text } = view;
  const quoted = QUOTES.includes(text[start] as string);
  const from = quoted ? start + 1 : start;
  const to = quoted && end - 1 > start && text[end - 1] === text[start] ? end - 1 : end;
  const value = text.slice(from, to);
  if (value === '' || value === REMOVED || WORDS_OF_JSON.test(value)) return undefined;
  const mask = kind === 'secret' ? REMOVED : maskNamed(kind, value);
  if (mask === undefined) return undefined;
  if (quoted) {
    // Not as the text spells the closing one: backslashes that end the value stand before it.
    const quote = view.spellingOfQuote(start);
    return quote + urlSafe(view, mask, from, to) + (to < end ? quote : '');
  }
  // A number, list or object of JSON becomes a string of JSON.
  const quote = nameQuote === -1 ? '' : view.spellingOfQuote(nameQuote);
  return quote + urlSafe(view, mask, from, to) + quote;
}

/** `<senha>…</senha>` */
function endOfElement(text: string, start: number): number {
  const end = text.indexOf('<', start);
  return end === -1 ? text.length : end;
}

/** Past the value that starts here; where it is cut off, past the text. Only a secret is long, or a structure. */
function endOfValue(view: PlainView, start: number, secret: boolean): number {
  const { text } = view;
  const first = text[start] ?? '';
  if (first !== '' && QUOTES.includes(first))
    return endOfString(view, start, secret ? text.length : start + LONGEST_NUMBER);
  if (secret && (first === '{' || first === '[') && !text.startsWith(REMOVED, start))
    return endOfStructure(view, start);
  const pattern = secret ? UNQUOTED : UNQUOTED_NUMBER;
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

/** A quote of the same spelling and depth: one inside the string may be written as `%22`, or carries more backslashes. */
function endOfString(view: PlainView, start: number, limit: number): number {
  const { text } = view;
  const quote = text[start];
  const depth = backslashes(view, start);
  const bare = bareSpelling(view, start);
  const stop = Math.min(limit, text.length);
  for (let at = start + 1; at < stop; at++)
    if (
      text[at] === quote &&
      backslashes(view, at) % (2 * (depth + 1)) === depth &&
      bareSpelling(view, at) === bare
    )
      return at + 1;
  return stop;
}

function endOfStructure(view: PlainView, start: number): number {
  const { text } = view;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
    else if (character === '"') at = endOfString(view, at, text.length) - 1;
  }
  return text.length;
}

const ESCAPED = /%((?:25)*)[\dA-Fa-f]{2}/;
const UNSAFE = /[ /]/g;

/** A mask with its blanks and slashes encoded as the text encoded what it stands for, so that a URL stays one. */
export function urlSafe(view: PlainView, mask: string, start: number, end: number): string {
  if (!/[ /]/.test(mask)) return mask;
  const escaped = ESCAPED.exec(view.spelling(start, end));
  if (!escaped && !view.isUrl) return mask;
  const percent = `%${escaped?.[1] ?? ''}`;
  return mask.replace(UNSAFE, (character) => percent + (character === ' ' ? '20' : '2F'));
}
