import { redactEmails } from './redact-emails';
import { redactFields } from './redact-fields';
import { redactNumbers } from './redact-numbers';
import { redactSecrets } from './redact-secrets';

const OURS = /^\{"level":"[a-z]+","time":"[\dTZ:.-]{24}"/;

/**
 * Takes out of one finished JSON line what must not be logged: the values of sensitive fields at any depth, tokens,
 * keys and passwords, CPF and CNPJ, e-mail addresses and Brazilian phone numbers, wherever they stand: in the
 * message, in a stack, in JSON inside a string. Working on the line instead of the objects leaves no hole and needs
 * no copy. What comes out is still JSON. UUIDs, amounts and timestamps stay as they are.
 */
export function redact(line: string): string {
  const from = OURS.exec(line)?.[0].length ?? 0;
  return redactNumbers(redactEmails(redactSecrets(redactFields(line, from))), from);
}
