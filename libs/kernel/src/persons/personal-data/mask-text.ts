import { assignmentsIn } from './assignments';
import { emailsIn, LOCAL_PART } from './emails';
import { numbersIn } from './numbers';
import { PlainView, Span } from './plain-view';
import { mayHoldPersonalData } from './quick-look';
import { secretsIn } from './secrets';

/** More often than this, what is left of a text does not change by what was masked in it. */
const MOST_TURNS = 3;

/**
 * The text with CPF, CNPJ, e-mail, phone and card numbers masked, and passwords, tokens and keys taken out, however
 * they are encoded. Masking twice is masking once. `bare: false` spares numbers that only their digits speak against.
 */
export function maskText(text: string, bare = true): string {
  if (!mayHoldPersonalData(text)) return text;
  let masked = text;
  for (let turn = 0, again = true; again && turn < MOST_TURNS; turn++) {
    const view = PlainView.of(masked);
    const found = new Found();
    found.add(assignmentsIn(view));
    found.add(secretsIn(view));
    found.add(emailsIn(view));
    found.add(numbersIn(view, bare));
    if (found.spans.length > 0) masked = view.replace(found.spans);
    again = found.overlapped || found.spans.some((span) => touches(view.text, span));
  }
  return masked;
}

const NUMBER_BEFORE = /\w$|\d[-_./ )]{1,3}$/;
// What begins so was the end of an amount to the number before it.
const CENTS = /^\d,\d\d\D/;
const DIGIT_BEFORE = /\d$/;
const NUMBER_AFTER = /^[\w-]|^[-_./ +(]{1,3}\d|^,\d\d(?!\d|\.\d)/;

/** Whether there is a word or number beside it, which may have been taken for a part of it, or it for a part of that. */
function touches(text: string, { start, end, by }: Span): boolean {
  if (NUMBER_AFTER.test(text.slice(end, end + 5))) return true;
  if (CENTS.test(text.slice(Math.max(0, start - 2), start + 3))) return true;
  // The letter before is the one that a local part keeps.
  const before = by === LOCAL_PART ? DIGIT_BEFORE : NUMBER_BEFORE;
  return before.test(text.slice(Math.max(0, start - 4), start));
}

/** Parts of a text that do not overlap, in order; who finds first is right. */
class Found {
  spans: readonly Span[] = [];
  overlapped = false;

  add(more: readonly Span[]): void {
    if (more.length === 0) return;
    if (this.spans.length === 0) {
      this.spans = more;
      return;
    }
    const merged: Span[] = [];
    let next = 0;
    for (const span of more) {
      for (let known = this.spans[next]; known && known.end <= span.start; known = this.spans[++next])
        merged.push(known);
      const known = this.spans[next];
      if (known && known.start < span.end)
        this.overlapped ||= known.start > span.start || known.end < span.end;
      else merged.push(span);
    }
    this.spans = [...merged, ...this.spans.slice(next)];
  }
}
