const REPLACEMENT = '\uFFFD';

/**
 * JSON as it was parsed, with U+FFFD for each NUL, which PostgreSQL cannot hold, and for each half of a surrogate pair, which is
 * what is left of an emoji where a text was cut. Changed in place where that can be; at most MAX_DEPTH deep, so recursion is safe.
 */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return isWellFormed(value) ? value : mended(value);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  const names = Object.keys(members);
  let renamed = false;
  for (const name of names) {
    const member = members[name];
    const whole = wellFormed(member);
    if (whole !== member) members[name] = whole;
    renamed ||= !isWellFormed(name);
  }
  return renamed ? Object.fromEntries(names.map((name) => [mended(name), members[name]])) : members;
}

function isWellFormed(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function mended(text: string): string {
  return text.toWellFormed().replaceAll('\0', REPLACEMENT);
}
