import { PlainView, Span } from './plain-view';

/** What stands for all of a local part but its first character. */
export const LOCAL_PART = '***';

const LOCAL = /[\p{L}\p{N}\p{M}._+\-*'!$^`|~%]/u;
const BEGINNING = /[\p{L}\p{N}_]/u;
const DOMAIN = /[\p{L}\p{N}\p{M}.-]/u;
// The last part is a word: `bar@1.2.3` is a package's version.
const HAS_TOP_LEVEL = /^[\p{L}\p{M}\d-]+(?:\.[\p{L}\p{M}\d-]+)*\.[\p{L}\p{M}][\p{L}\p{M}\d-]*[\p{L}\p{M}\d]/u;
/** `logo@2x.png` */
const RETINA = /^\dx\.(?:png|jpe?g|gif|webp|avif|svg)/i;
/** `a@media.print`, of a style sheet. */
const MEDIA = /^media\.(?:print|screen|all)$/i;
const LONGEST_DOMAIN = 255;

/** Replaces local parts: `j***@exemplo.com` tells the provider and no more. */
export function emailsIn(view: PlainView): Span[] {
  const { text } = view;
  const spans: Span[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (!isDomain(text, at + 1)) continue;
    const start = startOfLocalPart(view, at, from);
    from = at + 1;
    if (start === undefined) continue;
    const next = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
    spans.push({ start: next, end: at, by: LOCAL_PART });
  }
  return spans;
}

function isDomain(text: string, start: number): boolean {
  let end = start;
  while (end < text.length && end - start < LONGEST_DOMAIN && isOf(DOMAIN, text, end)) end++;
  const domain = text.slice(start, end);
  return HAS_TOP_LEVEL.test(domain) && !RETINA.test(domain) && !MEDIA.test(domain);
}

/** Looks back by hand, and never past the at sign before: a pattern would read long lines many times over. */
function startOfLocalPart(view: PlainView, at: number, from: number): number | undefined {
  const { text } = view;
  if (text[at - 1] === '"') return startOfQuoted(text, at - 1, from);
  let start = at;
  while (start > from && (isOf(LOCAL, text, start - 1) || isPlus(view, start - 1))) start--;
  while (start < at && !isOf(BEGINNING, text, start)) start++;
  return start < at ? start : undefined;
}

/** `"maria silva"@exemplo.com` (RFC 5321), but not the end of a JSON string. */
function startOfQuoted(text: string, quote: number, from: number): number | undefined {
  const open = text.lastIndexOf('"', quote - 1);
  return open >= from && /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(text.slice(open + 1, quote))
    ? open + 1
    : undefined;
}

function isPlus(view: PlainView, at: number): boolean {
  return view.text[at] === ' ' && view.spelling(at, at + 1) === '+';
}

function isOf(pattern: RegExp, text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  // Half of a pair is a letter of a script that few names are written in.
  return code >= 0xd800 && code <= 0xdfff ? pattern !== DOMAIN : pattern.test(text[at] as string);
}
