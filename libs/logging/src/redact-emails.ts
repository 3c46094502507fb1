const BOUNDARY = /[\s"\\<>(),;:@/=&?[\]{}]/;
// All but these may stand in a local part, though few people's addresses have them.
const HARD_BOUNDARY = /[\s"\\<>(),;:@[\]]/;
const DOMAIN = /[\p{L}\d.-]/u;
// The last part is a word: `bar@1.2.3` is a package's version.
const HAS_TOP_LEVEL = /^[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,}/u;

/** Looks around each at sign by hand: a pattern that starts with "any word" would read long lines many times over. */
export function redactEmails(line: string): string {
  let out = '';
  let kept = 0;
  for (const sign of line.includes('%40') ? ['@', '%40'] : ['@']) {
    if (kept > 0) {
      line = out + line.slice(kept);
      out = '';
      kept = 0;
    }
    for (let at = line.indexOf(sign); at !== -1; at = line.indexOf(sign, at + 1)) {
      const domainStart = at + sign.length;
      let end = domainStart;
      while (end < line.length && end - domainStart < 255 && DOMAIN.test(line[end] ?? '')) end++;
      const domain = HAS_TOP_LEVEL.exec(line.slice(domainStart, end))?.[0];
      if (!domain) continue;
      const start =
        startOfLocalPart(line, at, kept, BOUNDARY) ?? startOfLocalPart(line, at, kept, HARD_BOUNDARY);
      if (start === undefined) continue;
      out += `${line.slice(kept, start)}[email]`;
      kept = domainStart + domain.length;
    }
  }
  return kept === 0 ? line : out + line.slice(kept);
}

function startOfLocalPart(line: string, at: number, from: number, boundary: RegExp): number | undefined {
  let start = at;
  while (start > from && at - start < 64 && !boundary.test(line[start - 1] ?? '')) start--;
  // What follows a backslash is JSON's (`\n`, `\u00e7`), not the address's.
  if (line[start - 1] === '\\') start += line[start] === 'u' ? 5 : 1;
  return start >= at ? undefined : start;
}
