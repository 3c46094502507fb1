import { DomainError } from '../domain-error';

const MAX_LENGTH = 256;

export class MalformedUserId extends DomainError {
  readonly code = 'malformed_user_id';
  readonly kind = 'malformed';

  constructor() {
    super('A user id is text of 1 to 256 characters without control characters.');
  }
}

/** How a client calls its user; opaque to us. @throws MalformedUserId */
export function userIdOf(text: unknown): string {
  if (typeof text !== 'string' || text.length < 1 || text.length > MAX_LENGTH) throw new MalformedUserId();
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) throw new MalformedUserId();
  return text;
}
