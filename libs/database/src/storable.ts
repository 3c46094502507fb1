// What JSON.stringify writes for NUL and for halves of surrogate pairs, perhaps; an escaped backslash before it looks the same.
const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** JSON text that PostgreSQL's jsonb takes: it has neither NUL nor lone surrogates, which become U+FFFD. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(storable(value)) : text;
}

/** The same for a text column. */
export function storableText(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cleaned(text);
}

function cleaned(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole;
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return cleaned(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [cleaned(key), storable(held)]));
}
