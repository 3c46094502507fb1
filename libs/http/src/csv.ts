const FORMULA = '=+\\-@＝＋－＠';
/**
 * Where a cell may begin that a spreadsheet runs: the field, and, as some take `;` or a line's end for a border though quotes are
 * around it, what comes after those. One pass, whatever the text.
 */
const CELL_THAT_RUNS = new RegExp(
  `^(?=\\s*[${FORMULA}]|[\\t\\r])|(?<=[;\\r\\n])(?=[^\\S\\r\\n]*[${FORMULA}])`,
  'g',
);

/** A field of a CSV file (RFC 4180) that somebody opens in a spreadsheet: an apostrophe makes text of what would be a formula. */
export function csvField(text: string): string {
  const safe = text.replace(CELL_THAT_RUNS, "'");
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
