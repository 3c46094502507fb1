import { ConfigError } from '@libs/config';
import { readSigningKey } from './signing-key';
import { TimedKey } from './signing-keys';

const PEM = /-----BEGIN [A-Z ]+-----[^]*?-----END [A-Z ]+-----/g;

const NEVER = new Date(8.64e15);

/**
 * The keys of JWT_PRIVATE_KEY: the first signs, all are published. To renew it: `old new` in every instance, then
 * `new old`, then, a token's life later, `new`. Environment files often carry a PEM on one line, its line breaks
 * written `\n`.
 * @throws ConfigError when one is no RSA private key of 2,048 bits or more
 */
export function keysOfEnvironment(text: string): TimedKey[] {
  const plain = text.replaceAll('\\n', '\n');
  try {
    const keys = (plain.match(PEM) ?? [plain]).map(readSigningKey);
    // The others wait for a time that never comes: published they are for as long as they stand there.
    return keys.map((key, at) => ({ ...key, activatesAt: at === 0 ? new Date(0) : NEVER }));
  } catch (error) {
    throw new ConfigError([`JWT_PRIVATE_KEY is not usable: ${(error as Error).message}`]);
  }
}
