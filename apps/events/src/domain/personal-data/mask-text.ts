import { assignmentsIn } from './assignments';
import { emailsIn } from './emails';
import { numbersIn } from './numbers';
import { PlainView, Span } from './plain-view';
import { mayHoldPersonalData } from './quick-look';
import { secretsIn } from './secrets';

/**
 * The text with CPF, CNPJ, e-mail, phone and card numbers masked, and passwords, tokens and keys taken out, however
 * they are encoded. Masking twice is masking once. `bare: false` spares numbers that only their digits speak against.
 */
export function maskText(text: string, bare = true): string {
  return mayHoldPersonalData(text) ? maskThoroughly(text, bare) : text;
}

function maskThoroughly(text: string, bare: boolean): string {
  let view = PlainView.of(text);
  const apply = (spans: readonly Span[]): void => {
    if (spans.length === 0) return;
    text = view.replace(spans);
    view = PlainView.of(text);
  };
  apply(assignmentsIn(view));
  apply(secretsIn(view));
  if (view.text.includes('@')) apply(emailsIn(view));
  apply(numbersIn(view, bare));
  return text;
}
