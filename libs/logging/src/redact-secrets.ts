const JWT_PART = /[\w-]*/y;
const JWT_REST = /(?:\.[\w-]*){1,4}/y;
// A scheme is a word of prose too ("bearer token"): what follows must look like a credential.
const SCHEME = /(Bearer|Basic)(\s+|%20)[\w.~+/=-]{8,}/gi;
const API_KEY = /[a-z]{2}_(?:live|test)_[0-9A-Za-z]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}/g;
const REFRESH_TOKEN = /mf_refresh_[\w-]{16,}/g;
// The digest of a password, whose salt and parameters stand before it.
const PASSWORD_HASH = /\$argon2\w{1,2}\$[\w=,$+/-]{16,}/g;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?="|$))/gs;
const URL_PASSWORD = /(:\/\/[^\s:@/"\\]*):[^\s/"\\]+@/g;
const ASSIGNED =
  /((?:password|passwd|pwd|passphrase|senha|secret|token|api[_-]?key|write[_-]?key|[?&]key)(?:\s*=\s*|:\s+))(?!\[)[^\s"'&,;\\)}\]]+/gi;

// Plain searches are fastest for words that start with a rare letter.
const SCHEMES = ['Bearer', 'bearer', 'BEARER', 'Basic', 'basic'];
const KEY_PREFIXES = ['_live_', '_test_', 'AKIA', 'ASIA'];
// A line's own JSON has no blank after a colon and no equals sign.
const ASSIGNMENTS = ['=', ': '];

/** Tokens, keys and passwords in running text. Looking for a plain word first is what keeps the usual line cheap. */
export function redactSecrets(line: string): string {
  let text = line;
  if (text.includes('eyJ')) text = redactJwts(text);
  if (text.includes('-----BEGIN')) text = text.replace(PEM, '[private key]');
  if (text.includes('://')) text = text.replace(URL_PASSWORD, '$1:[redacted]@');
  if (hasAny(text, SCHEMES)) text = text.replace(SCHEME, '$1$2[redacted]');
  if (text.includes('mf_refresh_')) text = text.replace(REFRESH_TOKEN, '[refresh token]');
  if (text.includes('$argon2')) text = text.replace(PASSWORD_HASH, '[password hash]');
  if (hasAny(text, KEY_PREFIXES)) text = text.replace(API_KEY, '[api key]');
  if (hasAny(text, ASSIGNMENTS)) text = text.replace(ASSIGNED, '$1[redacted]');
  return text;
}

/** By hand: as one pattern, every `eyJ` of a long run without a dot would read that run again. */
function redactJwts(line: string): string {
  let out = '';
  let kept = 0;
  for (let start = line.indexOf('eyJ'); start !== -1; start = line.indexOf('eyJ', start + 1)) {
    const headerEnd = endOfMatch(JWT_PART, line, start);
    const end = endOfMatch(JWT_REST, line, headerEnd);
    if (end > headerEnd && headerEnd - start > 8) {
      out += `${line.slice(kept, start)}[jwt]`;
      kept = end;
    }
    start = end - 1;
  }
  return kept === 0 ? line : out + line.slice(kept);
}

function endOfMatch(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : at;
}

function hasAny(text: string, words: readonly string[]): boolean {
  for (const word of words) if (text.includes(word)) return true;
  return false;
}
