// By name: whatever a field that ends so holds is taken out, be it text, number or object.
const ENDINGS =
  'password passwd pwd passphrase senha secret token authorization cookie credential privatekey apikey writekey otp ' +
  'recoverycode cvv cardnumber pixkey chavepix cpf cnpj email phone phonenumber telefone celular';
const SENSITIVE = new RegExp(`(?:${ENDINGS.replaceAll(' ', '|')})s?$`);

// Most keys are told by their last two letters, without cutting them out of the line.
const LAST_TWO = new Uint8Array(128 * 128);
for (const ending of ENDINGS.split(' ').flatMap((word) => [word, `${word}s`]))
  LAST_TWO[ending.charCodeAt(ending.length - 2) * 128 + ending.charCodeAt(ending.length - 1)] = 1;

const verdicts = new Map<string, boolean>();

function isSensitive(key: string): boolean {
  let verdict = verdicts.get(key);
  if (verdict === undefined) {
    verdict = SENSITIVE.test(key.toLowerCase().replace(/[-_]/g, ''));
    // Keys come from code and are few; a flood of others (parsed input) must not grow this for ever.
    if (verdicts.size >= 2_000) verdicts.clear();
    verdicts.set(key, verdict);
  }
  return verdict;
}

function mayBeSensitive(beforeLast: number, last: number): boolean {
  // Bit 5 is what tells a small letter from a capital.
  return LAST_TWO[(beforeLast | 0x20) * 128 + (last | 0x20)] === 1;
}

/** Replaces the values of sensitive fields in a JSON line, also in JSON that stands escaped inside a string. */
export function redactFields(line: string, from = 0): string {
  let out = '';
  let kept = 0;
  for (let colon = line.indexOf('":', from); colon !== -1; colon = line.indexOf('":', colon + 2)) {
    const escapes = backslashesBefore(line, colon);
    const keyEnd = colon - escapes;
    if (!mayBeSensitive(line.charCodeAt(keyEnd - 2), line.charCodeAt(keyEnd - 1))) continue;
    const keyStart = line.lastIndexOf('"', keyEnd - 1) + 1;
    if (keyEnd - keyStart > 64 || !isSensitive(line.slice(keyStart, keyEnd))) continue;
    let start = colon + 2;
    while (line.charCodeAt(start) === SPACE) start++;
    if (start < kept) continue;
    const end = endOfValue(line, start, escapes);
    if (line.startsWith('null', start) || end === start) continue;
    const quote = '\\'.repeat(escapes) + '"';
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

/**
 * A quote of the JSON whose quotes carry `level` backslashes: 0 for the line itself, 1 for JSON in one of its
 * strings, 3 for JSON in a string of that. Each backslash inside a string comes doubled per level.
 */
function isQuoteOf(level: number, backslashes: number): boolean {
  return backslashes % (2 * (level + 1)) === level;
}

function isQuoteOutside(level: number, backslashes: number): boolean {
  for (let outer = 0; outer < level; outer = 2 * outer + 1) if (isQuoteOf(outer, backslashes)) return true;
  return false;
}

/** Just past the JSON value at `start`; where it is cut off, the end of the string that holds it. */
function endOfValue(line: string, start: number, level: number): number {
  if (line[start + level] === '"' && backslashesBefore(line, start + level) >= level)
    return endOfString(line, start + level + 1, level);
  const first = line[start];
  if (first !== '{' && first !== '[') {
    let end = start;
    while (end < line.length && !',}] "\\\n'.includes(line[end] ?? '')) end++;
    return end;
  }
  let depth = 0;
  for (let at = start; at < line.length; at++) {
    const char = line[at];
    if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1;
    else if (char === '"') {
      const backslashes = backslashesBefore(line, at);
      if (!isQuoteOf(level, backslashes)) return at - backslashes;
      at = endOfString(line, at + 1, level) - 1;
    }
  }
  return line.length;
}

function endOfString(line: string, start: number, level: number): number {
  for (let quote = line.indexOf('"', start); quote !== -1; quote = line.indexOf('"', quote + 1)) {
    const backslashes = backslashesBefore(line, quote);
    if (isQuoteOf(level, backslashes)) return quote + 1;
    if (isQuoteOutside(level, backslashes)) return quote - backslashes;
  }
  return line.length;
}
