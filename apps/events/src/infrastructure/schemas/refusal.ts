/** Why a value is not accepted. Made once per reason where it can be: a flood of bad events makes no garbage. */
export class Refusal {
  constructor(
    readonly code: string,
    /** A sentence without its subject, which is the path: `must be text`. */
    readonly text: string,
    /** Dotted, below the value that was read; empty for the value itself. */
    readonly path: string = '',
  ) {}

  /** The same reason, seen from outside. */
  below(name: string): Refusal {
    return new Refusal(this.code, this.text, this.path === '' ? name : `${name}.${this.path}`);
  }
}

export const MISSING = new Refusal('missing_property', 'is required');
export const UNKNOWN = new Refusal('unknown_property', 'is not known here');
export const NOT_AN_OBJECT = new Refusal('wrong_type', 'must be an object');
export const TOO_DEEP = new Refusal('too_deep', 'is nested too deep');

const NAME = /^[A-Za-z_][\w-]{0,63}$/;
const DIGITS = /\d{6}/;

/** A property's name, for a message; not one that may be a person's (an e-mail, a CPF as a key). */
export function quotable(name: string): string {
  return NAME.test(name) && !DIGITS.test(name) ? name : '?';
}
