// By name: whatever such a field holds is taken out, be it text, number or object.
const SENSITIVE =
  /(?:password|passwd|pwd|passphrase|senha|secret|token|authorization|cookie|credentials?|private_?key|api_?key|write_?key|otp|recovery_?codes?|cvv|card_?number|pix_?key|chave_?pix|cpf|cnpj|e_?mail|phone|phone_?number|telefone|celular)s?$/;

const verdicts = new Map<string, boolean>();

function isSensitive(key: string): boolean {
  let verdict = verdicts.get(key);
  if (verdict === undefined) {
    verdict = SENSITIVE.test(key.toLowerCase().replaceAll('-', '_'));
    // Keys come from code and are few; a flood of others (parsed input) must not grow this for ever.
    if (verdicts.size >= 2_000) verdicts.clear();
    verdicts.set(key, verdict);
  }
  return verdict;
}

/** Replaces the values of sensitive fields in a JSON line, also in JSON that stands escaped inside a string. */
export function redactFields(line: string): string {
  let out = '';
  let kept = 0;
  for (let colon = line.indexOf('":'); colon !== -1; colon = line.indexOf('":', colon + 2)) {
    const escapes = backslashesBefore(line, colon);
    const keyEnd = colon - escapes;
    const keyStart = line.lastIndexOf('"', keyEnd - 1) + 1;
    if (keyEnd - keyStart > 64 || !isSensitive(line.slice(keyStart, keyEnd))) continue;
    let start = colon + 2;
    while (line.charCodeAt(start) === SPACE) start++;
    if (start < kept) continue;
    const quote = '\\'.repeat(escapes) + '"';
    const end = endOfValue(line, start, quote);
    if (line.startsWith('null', start) || end === start) continue;
    out += `${line.slice(kept, start)}${quote}[redacted]${quote}`;
    kept = end;
    colon = end - 2;
  }
  return kept === 0 ? line : out + line.slice(kept);
}

const SPACE = 0x20;
const BACKSLASH = 0x5c;

function backslashesBefore(line: string, index: number): number {
  let count = 0;
  while (line.charCodeAt(index - 1 - count) === BACKSLASH) count++;
  return count;
}

/** Just past the JSON value at `start`, whose strings are delimited by `quote` (`"`, or `\"` inside a string). */
function endOfValue(line: string, start: number, quote: string): number {
  if (line.startsWith(quote, start)) return endOfString(line, start, quote);
  const first = line[start];
  if (first !== '{' && first !== '[') {
    let end = start;
    while (end < line.length && !',}] "\\'.includes(line[end] ?? '')) end++;
    return end;
  }
  let depth = 0;
  for (let at = start; at < line.length; at++) {
    const char = line[at];
    if (line.startsWith(quote, at)) at = endOfString(line, at, quote) - 1;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
    // The string that holds this JSON ends before the JSON does: it was cut off.
    else if (char === '"') return at;
  }
  return line.length;
}

function endOfString(line: string, start: number, quote: string): number {
  let close = start;
  do {
    close = line.indexOf('"', close + quote.length);
    if (close === -1) return line.length;
    const escapes = backslashesBefore(line, close);
    // Fewer escapes than ours: the outer string ended first, before the quote.
    if (escapes < quote.length - 1) return close - escapes;
    if (escapes === quote.length - 1) return close + 1;
  } while (close < line.length);
  return line.length;
}
