const REFUSED = /[\uD800-\uDFFF\uFFFE\uFFFF]/g;

/**
 * JSON as a queue takes it: what JSON.stringify leaves as it is and SQS refuses goes as an escape. So do the halves of
 * characters beyond U+FFFF, which AWS takes and emulators refuse.
 */
export function queueText(value: unknown): string {
  return JSON.stringify(value).replace(REFUSED, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
