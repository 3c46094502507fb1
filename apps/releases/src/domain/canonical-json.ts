/** JSON with the keys of every object sorted, so that equal values have one text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

// NUL among them, which PostgreSQL's text cannot hold
const CONTROL = /\p{Cc}/u;

/** Printable, well-formed Unicode: a lone surrogate has no UTF-8. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text);
}

/** Every string in it, keys too, well-formed and free of NUL; line breaks are welcome here. */
export function isStorableJson(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (Array.isArray(value)) return value.every(isStorableJson);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).every(([key, member]) => isStorableJson(key) && isStorableJson(member));
  return true;
}
