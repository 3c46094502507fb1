import { NamedKind } from './names';

// The area codes that ANATEL has given out.
const AREA = '(?:[14689][1-9]|2[12478]|3[1-578]|5[1345]|7[134579])';
const END = '(?![\\dA-Za-z])';
const here = (...patterns: string[]): RegExp => new RegExp(`(?:${patterns.join('|')})${END}`, 'y');

/** Nothing else is written so: an area code in parentheses, or a plus and the country. */
const UNMISTAKABLE = here(
  String.raw`\(0?${AREA}\)[ .-]{0,3}9?[ .-]{0,2}\d{4}[ .-]{0,3}\d{4}`,
  String.raw`\+ ?55[ .-]{0,2}\(?0?${AREA}\)?[ .-]{0,3}9?[ .-]{0,2}\d{4}[ .-]{0,3}\d{4}`,
  String.raw`\+[1-9](?:[ .()-]{0,2}\d){9,14}`,
);
const COUNTRY = '(?:(?:00)?55[ .-]{0,3})?0?';
const SEPARATED = here(
  String.raw`${COUNTRY}(?:${AREA}|\(${AREA}\))[ .-]{1,3}9(?: |\.(?=\d{4}-))?\d{4}[ .-]{0,3}\d{4}`,
  String.raw`${COUNTRY}${AREA}[ -]{1,3}[2-5]\d{3}[ -]{0,3}\d{4}`,
  String.raw`9 ?\d{4}-\d{4}`,
);
const BARE = here(String.raw`(?:(?:00)?55|0)?${AREA}(?:9\d{4}|[2-5]\d{3})-?\d{4}`);
const LABELLED = here(String.raw`\(?\d(?:[ .()-]{0,3}\d){7,12}`);

// 1732271234 is a moment of 2024 before it is somebody's line in Marília.
const EPOCH_SECONDS = /^1[5-9]\d{8}$/;
const YEARS = /(?:^|\D)(?:19|20)\d\d[ -](?:19|20)\d\d$|^\d\d-20[0-4]\d-\d{4}$/;

/** Past the phone number at `at` that can be nothing else. */
export function endOfUnmistakablePhone(text: string, at: number): number | undefined {
  return endOf(UNMISTAKABLE, text, at);
}

/** Past the phone number at `at`, as far as digits alone can tell, or the word before them. */
export function endOfPhone(text: string, at: number, label: NamedKind | undefined): number | undefined {
  if (label === 'phone') return endOf(LABELLED, text, at);
  const separated = endOf(SEPARATED, text, at);
  if (separated !== undefined) {
    const found = text.slice(at, separated);
    // Four digits more make it a card or an invoice's access key.
    if (
      !YEARS.test(found) &&
      !(found.includes(' ') && /^ \d{4}(?!\d)/.test(text.slice(separated, separated + 6)))
    )
      return separated;
  }
  const bare = endOf(BARE, text, at);
  return bare !== undefined && !EPOCH_SECONDS.test(text.slice(at, bare)) ? bare : undefined;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
