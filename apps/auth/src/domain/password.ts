import { WeakPassword } from './auth.errors';
import { commonPasswords } from './common-passwords';
import { Membership } from './membership';
import { User } from './user';

const PRODUCT = 'moneyflow';
const MIN_LENGTH = 8;
const MAX_LENGTH = 128;

/** One spelling of what a keyboard may send composed or decomposed (NIST SP 800-63B section 3.1.1.2). */
export function normalisePassword(text: string): string {
  return text.normalize('NFKC');
}

/**
 * The rules of NIST SP 800-63B: a length, no composition rules, and nothing that an attacker tries first: frequent
 * passwords, and words that the context gives away.
 * @param context the person's e-mail and names, as `contextOf` gives them: the password must not be one of them
 * @returns the password as it is hashed
 * @throws WeakPassword
 */
export function choosePassword(text: string, context: readonly string[]): string {
  const password = normalisePassword(text);
  // A person counts characters, not UTF-16 units.
  const length = [...password].length;
  if (length < MIN_LENGTH)
    throw new WeakPassword('password_too_short', `A password has at least ${MIN_LENGTH} characters.`);
  if (length > MAX_LENGTH)
    throw new WeakPassword('password_too_long', `A password has at most ${MAX_LENGTH} characters.`);
  if (isEasilyTried(password.toLowerCase(), context))
    throw new WeakPassword('password_too_common', 'This password is among the first an attacker tries.');
  return password;
}

/** What an attacker who knows the person tries first. */
export function contextOf(
  { email, name }: Pick<User, 'email' | 'name'>,
  memberships: readonly Pick<Membership, 'tenantName' | 'subdomain'>[],
): string[] {
  return [email, name, ...memberships.flatMap(({ tenantName, subdomain }) => [tenantName, subdomain])];
}

function isEasilyTried(password: string, context: readonly string[]): boolean {
  if (commonPasswords.has(password)) return true;
  if (new Set(password).size <= 2) return true;
  const bare = password.replace(/[\s\d!@#$%&*._-]+$/, '').replace(/\s+/g, '');
  return [PRODUCT, ...context]
    .flatMap((text) => [text, text.split('@')[0] ?? text])
    .map((word) => word.normalize('NFKC').toLowerCase().replace(/\s+/g, ''))
    .some((word) => word.length > 0 && bare === word);
}
