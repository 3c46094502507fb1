import { MalformedEmail } from './auth.errors';

const LOCAL = /^[^\s@\p{C}"(),:;<>[\\\]]{1,64}$/u;
const LABEL = /^[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;
const MAX_LENGTH = 254;

/** How any two spellings of an e-mail are compared; says nothing about whether it is one. */
export function foldEmail(text: string): string {
  // Lower case may compose anew (U+0130 with a mark below it): normalised again, or one address were two accounts.
  return text.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/**
 * The one spelling by which an e-mail is compared and kept: NFKC, trimmed, lower case. Case in the local part may
 * mean something in theory (RFC 5321 section 2.4); no provider that people use tells them apart.
 * @throws MalformedEmail
 */
export function normaliseEmail(text: string): string {
  const email = foldEmail(text);
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const labels = email.slice(at + 1).split('.');
  const wellFormed =
    at > 0 &&
    email.length <= MAX_LENGTH &&
    LOCAL.test(local) &&
    !local.startsWith('.') &&
    !local.endsWith('.') &&
    !local.includes('..') &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label));
  if (!wellFormed) throw new MalformedEmail();
  return email;
}
