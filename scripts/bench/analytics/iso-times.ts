const MINUTE_MS = 60_000;

let minute = -1;
let text = '';

/** RFC 3339 UTC with milliseconds. Three times an event a `Date` would be a fifth of the work: most share the last one's minute. */
export function isoOf(instant: number): string {
  const of = Math.floor(instant / MINUTE_MS);
  if (of !== minute) {
    minute = of;
    text = new Date(of * MINUTE_MS).toISOString().slice(0, 17);
  }
  const rest = String(100_000 + instant - of * MINUTE_MS);
  return `${text}${rest.slice(1, 3)}.${rest.slice(3)}Z`;
}
