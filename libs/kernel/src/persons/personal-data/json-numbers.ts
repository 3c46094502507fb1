import { PlainView } from './plain-view';

const DIGITS = /^\d+$/;
const END = /^\s*[,\]}]/;
const BLANK = /\s/;
const LONGEST_INDENT = 40;

/** Tells JSON numbers from digits elsewhere. Asked for ever later places, so that the text is read once at most. */
export class JsonNumbers {
  private readonly isJson: boolean;
  private at = 0;
  private inString = false;

  constructor(private readonly view: PlainView) {
    this.isJson = /^\s{0,8}[[{]/.test(view.text);
  }

  /** The quote that makes a string of the number, spelled as its depth of JSON in JSON asks; '' for what is none. */
  quoteAround(start: number, end: number): string {
    const { text } = this.view;
    if (!DIGITS.test(text.slice(start, end)) || !END.test(text.slice(end, end + LONGEST_INDENT))) return '';
    let before = start - 1;
    while (BLANK.test(text[before] ?? '') && start - before < LONGEST_INDENT) before--;
    if (text[before] === ':' && text[before - 1] === '"') {
      const quote = this.view.spellingOfQuote(before - 1);
      // Of a string that begins with a colon, the quote before it is the one that opens it.
      return quote === '"' && this.isInString(before) ? '' : quote;
    }
    return (text[before] === '[' || text[before] === ',') && this.isJson && !this.isInString(before)
      ? '"'
      : '';
  }

  /** Of a string of JSON: what is none has no quotes to count on. */
  private isInString(place: number): boolean {
    if (!this.isJson) return false;
    for (; this.at < place; this.at++) if (this.isQuote(this.at)) this.inString = !this.inString;
    return this.inString;
  }

  /** A quote that JSON escaped has an odd number of backslashes before it, or is told by its number. */
  private isQuote(at: number): boolean {
    if (this.view.text[at] !== '"') return false;
    const spelling = this.view.spellingOfQuote(at);
    return spelling.endsWith('"') && spelling.length % 2 === 1;
  }
}
