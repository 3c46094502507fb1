import { MalformedUserId } from './person.errors';

const MAX_LENGTH = 256;

/** How a client calls its user; opaque to us. @throws MalformedUserId */
export function userIdOf(text: unknown): string {
  if (typeof text !== 'string' || text.length < 1 || text.length > MAX_LENGTH) throw new MalformedUserId();
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) throw new MalformedUserId();
  return text;
}
