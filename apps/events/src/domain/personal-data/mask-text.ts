import { assignmentsIn } from './assignments';
import { emailsIn } from './emails';
import { numbersIn } from './numbers';
import { PlainView, Span } from './plain-view';
import { mayHoldPersonalData } from './quick-look';
import { secretsIn } from './secrets';

/** What overlapped is looked at again without what it overlapped with; more often than this it is no text of anybody. */
const MOST_TURNS = 4;

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
    again = found.overlapped;
  }
  return masked;
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
