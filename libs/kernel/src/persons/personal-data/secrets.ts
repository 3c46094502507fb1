import { REMOVED } from './masks';
import { PlainView, Span } from './plain-view';

const API_KEY =
  /[a-z]{2}_(?:live|test)_[0-9A-Za-z]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}|\bgh[pousr]_[0-9A-Za-z]{16,}|\bgithub_pat_\w{16,}|\bAIza[\w-]{30,}|\bxox[abeoprs]-[\w-]{10,}|\bglpat-[\w-]{16,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\bsk-[\w-]{16,}/g;
// A promotion has a code, too: that of a login is longer, or comes with the state of one.
const LOGIN_CODE = /(?<=[?&#]code=)(?:[\w.~/+-]{20,}|[\w.~/+-]{4,}(?=&(?:state|session_state|scope|iss)=))/g;
const REFRESH_TOKEN = /mf_refresh_[\w-]{16,}/g;
// A scheme is a word of prose too ("bearer token"): what follows must look like a credential.
const CREDENTIAL = /(?<=\b(?:Bearer|Basic)\s{1,4})[\w.~+/=-]{8,}/gi;
const PASSWORD_HASH = /\$(?:argon2\w{1,2}|2[abxy])\$[\w=,.$+/-]{16,}/g;
// One that is cut off ends with the string it stands in; a program may have a whole one in several.
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^-]*-----END [A-Z ]{0,40}PRIVATE KEY-----|[^-"]*)/g;
const URL_PASSWORD = /(?<=:\/\/)[^\s:@/"\\]*:[^\s/"\\@]+(?=@)/g;
const PIX_KEY = /(?<=br\.gov\.bcb\.pix01)\d\d/gi;
const JWT_PART = /[\w-]*/y;
// An encrypted one has an empty part (RFC 7516); a point at the end is the sentence's.
const JWT_REST = /(?:\.{1,2}[\w-]+){1,4}/y;

/** Tokens, keys and passwords that are told by their own form. */
export function secretsIn(view: PlainView): Span[] {
  const { text } = view;
  const spans = text.includes('eyJ') ? jwts(text) : [];
  const add = (pattern: RegExp): void => {
    for (const { index, 0: secret } of text.matchAll(pattern))
      spans.push({ start: index, end: index + secret.length, by: REMOVED });
  };
  if (text.includes('-----BEGIN')) add(PRIVATE_KEY);
  if (text.includes('://')) add(URL_PASSWORD);
  if (/bearer|basic/i.test(text)) add(CREDENTIAL);
  if (text.includes('mf_refresh_')) add(REFRESH_TOKEN);
  if (text.includes('$')) add(PASSWORD_HASH);
  if (text.includes('code=')) add(LOGIN_CODE);
  add(API_KEY);
  for (const { index, 0: length } of text.matchAll(PIX_KEY)) {
    // A BR Code says before each field how long it is (EMV QRCPS), so that a mask of that length keeps it readable.
    const start = index + length.length;
    const field = text.slice(start, start + Number(length));
    const end = start + (field.includes('"') ? field.indexOf('"') : field.length);
    spans.push({ start, end, by: '*'.repeat(end - start) });
  }
  return withoutOverlaps(spans);
}

/** By hand: as one pattern, every `eyJ` of a long run without a dot would read that run again. */
function jwts(text: string): Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf('eyJ'); start !== -1; start = text.indexOf('eyJ', start + 1)) {
    const headerEnd = endOf(JWT_PART, text, start);
    const end = endOf(JWT_REST, text, headerEnd);
    if (end - start >= 20 && end > headerEnd) spans.push({ start, end, by: REMOVED });
    start = end - 1;
  }
  return spans;
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The one that starts first stays; what it covers needs nothing more. */
function withoutOverlaps(spans: Span[]): Span[] {
  if (spans.length < 2) return spans;
  const sorted = spans.sort((one, other) => one.start - other.start || other.end - one.end);
  const kept: Span[] = [];
  for (const span of sorted) {
    const before = kept.at(-1);
    if (before && span.start < before.end) before.end = Math.max(before.end, span.end);
    else kept.push(span);
  }
  return kept;
}
