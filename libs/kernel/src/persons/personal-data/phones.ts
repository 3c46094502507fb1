import { NamedKind } from './names';

// The area codes that ANATEL has given out.
const AREA = '(?:[14689][1-9]|2[12478]|3[1-578]|5[1345]|7[134579])';
const END = '(?![\\dA-Za-z])';
const here = (...patterns: string[]): RegExp => new RegExp(`(?:${patterns.join('|')})${END}`, 'y');

/** Nothing else is written so: an area code in parentheses, or a plus and the country. */
const IN_PARENTHESES = here(String.raw`\(0?${AREA}\)[ .-]{0,3}9?[ .-]{0,2}\d{4}[ .-]{0,3}\d{4}`);
const WITH_COUNTRY = here(
  String.raw`\+ ?55[ .-]{0,2}\(?0?${AREA}\)?[ .-]{0,3}9?[ .-]{0,2}\d{4}[ .-]{0,3}\d{4}`,
  String.raw`\+[1-9]\d{9,14}`,
  String.raw`\+[1-9]\d{0,2}(?:[ .()-]{1,2}\d{2,5}){2,5}`,
);
const COUNTRY = '(?:(?:00)?55[ .-]{0,3})?0?';
const MOBILE = here(
  String.raw`${COUNTRY}(?:${AREA}|\(${AREA}\))[ .-]{1,3}9(?: |\.(?=\d{4}-))?\d{4}[ .-]{0,3}\d{4}`,
  String.raw`9 ?\d{4}-\d{4}`,
);
const LANDLINE = here(String.raw`${COUNTRY}${AREA}[ -]{1,3}[2-5]\d{3}[ -]{0,3}\d{4}`);
const BARE = here(String.raw`(?:(?:00)?55|0)?${AREA}(?:9\d{4}|[2-5]\d{3})-?\d{4}`);
const LABELLED = here(String.raw`\(?\d(?:[ .()-]{0,3}\d){7,12}`);

/** With an area code; `+10 20 30` is a sum. */
const FEWEST_DIGITS = 10;
// 1732271234 is a moment of 2024 before it is somebody's line in Marília.
const EPOCH_SECONDS = /^1[5-9]\d{8}$/;
const YEARS = /(?:^|\D)(?:19|20)\d\d[ -](?:19|20)\d\d$|^\d\d-20[0-4]\d-\d{4}$/;

/** Past the phone number at `at` that can be nothing else. */
export function endOfUnmistakablePhone(text: string, at: number): number | undefined {
  const end = endOf(text[at] === '(' ? IN_PARENTHESES : WITH_COUNTRY, text, at);
  return end !== undefined && text.slice(at, end).replace(/\D/g, '').length >= FEWEST_DIGITS
    ? end
    : undefined;
}

/** Past the phone number at `at`, as far as digits alone can tell, or the word before them. */
export function endOfPhone(text: string, at: number, label: NamedKind | undefined): number | undefined {
  if (label === 'phone') return endOf(LABELLED, text, at);
  const mobile = endOf(MOBILE, text, at);
  if (mobile !== undefined && !goesOnInFours(text, at, mobile)) return mobile;
  const landline = endOf(LANDLINE, text, at);
  if (landline !== undefined && !YEARS.test(text.slice(at, landline)) && !goesOnInFours(text, at, landline))
    return landline;
  const bare = endOf(BARE, text, at);
  return bare !== undefined && !EPOCH_SECONDS.test(text.slice(at, bare)) ? bare : undefined;
}

/** Four digits more make it a card or an invoice's access key. */
function goesOnInFours(text: string, start: number, end: number): boolean {
  return text.slice(start, end).includes(' ') && /^ \d{4}(?!\d)/.test(text.slice(end, end + 6));
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
