import { PlainView } from './plain-view';

const QUOTE = 0x22;
const BLANK = /\s/;
const LONGEST_INDENT = 40;

/**
 * The strings of JSON that a place of a text stands in; JSON in JSON has several, each with more backslashes before
 * its quotes. A value of a running text ends with the string it stands in: `{"url":"/x?token=","page":2}`.
 */
export class OpenStrings {
  /** How many backslashes the quotes have that opened them, the outermost first. */
  private open: number[] = [];
  private read = 0;

  constructor(private readonly view: PlainView) {}

  /** Where the value from `start` to `end` leaves a string it stands in, or `end`. Starts are asked in order. */
  endWithin(start: number, end: number): number {
    const { text } = this.view;
    for (; this.read < start; this.read++) if (text.charCodeAt(this.read) === QUOTE) this.pass(this.read);
    if (this.open.length === 0) return end;
    for (let at = start; at < end; at++)
      if (text.charCodeAt(at) === QUOTE && this.closedBy(at) !== -1 && this.endsValue(at)) return at;
    return end;
  }

  private pass(quote: number): void {
    const depth = this.depthOf(quote);
    const closed = this.closedBy(quote);
    if (closed !== -1) this.open.length = closed;
    else if (isDepth(depth) && depth > (this.open.at(-1) ?? -1) && this.beginsValue(quote))
      this.open.push(depth);
  }

  /** Which of them ends here: backslashes that end its value stand before its quote, too, twice as many each. */
  private closedBy(quote: number): number {
    const depth = this.depthOf(quote);
    return this.open.findIndex((of) => depth % (2 * (of + 1)) === of);
  }

  /** Quotes that are percent-encoded are no quotes of JSON. */
  private depthOf(quote: number): number {
    return bareSpelling(this.view, quote) === '"' ? backslashes(this.view, quote) : -1;
  }

  /** In prose quotes need not come in pairs: `a 5" screen, password: "x"`. In JSON little stands before and after. */
  private beginsValue(quote: number): boolean {
    const { text } = this.view;
    let before = quote - 1;
    while (quote - before < LONGEST_INDENT && BLANK.test(text[before] ?? '')) before--;
    return before < 0 || '{[,:"'.includes(text[before] as string);
  }

  private endsValue(quote: number): boolean {
    const { text } = this.view;
    let after = quote + 1;
    while (after - quote < LONGEST_INDENT && BLANK.test(text[after] ?? '')) after++;
    return after >= text.length || ',}]:"'.includes(text[after] as string);
  }
}

/** JSON in JSON in JSON opens its strings with 0, 1, 3, 7 … backslashes. */
function isDepth(backslashes: number): boolean {
  return (backslashes & (backslashes + 1)) === 0;
}

/** How a text spells a quote, but for the backslashes before it. */
export function bareSpelling(view: PlainView, quote: number): string {
  return view.spellingOfQuote(quote).slice(backslashes(view, quote));
}

export function backslashes(view: PlainView, quote: number): number {
  const spelling = view.spellingOfQuote(quote);
  let count = 0;
  while (spelling[count] === '\\') count++;
  return count;
}
