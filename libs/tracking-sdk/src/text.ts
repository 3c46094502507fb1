/**
 * Nothing where it is none: an element of the page may be named as a property of its document, and stands for it then.
 * Cut between characters: half of one would spoil its event.
 */
export const text = (value: unknown, most = 256): string | undefined =>
  typeof value === 'string' ? value.slice(0, most).replace(/[\ud800-\udbff]$/, '') || undefined : undefined;
