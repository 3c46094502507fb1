import { isUtf8 } from 'node:buffer';
import { MalformedBody } from './malformed.errors';
import { firstDuplicate } from './first-duplicate';

/** Deeper bodies are refused before they are parsed: JSON nested 50,000 deep crashes what walks it later. */
export const MAX_DEPTH = 32;
/** Properties, objects and arrays together: 1 MiB of `[],[],…` would hold the event loop for 50 ms. */
export const MAX_PARTS = 50_000;

const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses a request body as JSON that means one thing to everybody: valid UTF-8 without a byte order mark, at most
 * 32 levels deep, no duplicate keys, no `__proto__` or `constructor.prototype`, no NUL (PostgreSQL refuses it) and
 * no lone surrogates, no number that a double cannot hold.
 * @param values `unchecked` leaves characters and numbers to the caller, who has a verdict for each part of the body
 * @throws MalformedBody
 */
export function parseJson(bytes: Buffer, values: 'checked' | 'unchecked' = 'checked'): unknown {
  if (bytes.length === 0) throw new MalformedBody('empty_body', 'The body is empty.');
  const shape = scan(bytes);
  const text = decode(bytes);
  const value = parse(text);
  const checked = values === 'checked';
  const inspection = new Inspection(checked && shape.escapes, checked);
  inspection.visit(value, '');
  if (inspection.members !== shape.members) throw duplicateIn(text);
  return value;
}

interface Shape {
  members: number;
  /** Only an escape can write a NUL or a lone surrogate in valid UTF-8. */
  escapes: boolean;
}

/** One pass over the bytes: depth and members (colons outside strings) without building anything. */
function scan(bytes: Buffer): Shape {
  let depth = 0;
  let members = 0;
  let containers = 0;
  let escapes = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) {
        if (bytes[at] === BACKSLASH) {
          at++;
          escapes = true;
        }
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      containers++;
      if (++depth > MAX_DEPTH)
        throw new MalformedBody('too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    } else if (byte === 0x3a) {
      members++;
    }
  }
  if (members + containers > MAX_PARTS)
    throw new MalformedBody(
      'too_many_parts',
      `The body has more than ${MAX_PARTS} properties and containers.`,
    );
  return { members, escapes };
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw new MalformedBody('byte_order_mark', 'JSON must not begin with a byte order mark.');
  if (!isUtf8(bytes)) throw new MalformedBody('malformed_utf8', 'The body is not valid UTF-8.');
  return bytes.toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8's message quotes the body: not for an answer, which may be logged
    if (error instanceof SyntaxError) throw new MalformedBody('malformed_json', 'The body is not JSON.');
    throw error;
  }
}

function duplicateIn(text: string): MalformedBody {
  const path = firstDuplicate(text) ?? '';
  return new MalformedBody('duplicate_key', 'The body names a property twice.', path);
}

class Inspection {
  members = 0;

  constructor(
    private readonly escapes: boolean,
    private readonly numbers: boolean,
  ) {}

  /** At most MAX_DEPTH deep, so recursion is safe. */
  visit(value: unknown, path: string): void {
    if (typeof value === 'string') this.text(value, path);
    else if (typeof value === 'number') this.number(value, path);
    else if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at++) {
        const item: unknown = value[at];
        if (this.mayOffend(item)) this.visit(item, `${path}${at}.`);
      }
    } else if (typeof value === 'object' && value !== null)
      this.object(value as Record<string, unknown>, path);
  }

  private object(value: Record<string, unknown>, path: string): void {
    for (const key of Object.keys(value)) {
      this.members++;
      const child = value[key];
      if (
        key === '__proto__' ||
        (key === 'constructor' && isRecord(child) && Object.hasOwn(child, 'prototype'))
      )
        throw new MalformedBody('forbidden_key', `The property name "${key}" is not accepted.`, path + key);
      if (this.escapes) this.text(key, path);
      if (this.mayOffend(child)) this.visit(child, `${path}${key}.`);
    }
  }

  private text(value: string, path: string): void {
    if (this.escapes && (value.includes('\0') || !value.isWellFormed()))
      throw new MalformedBody(
        'forbidden_character',
        'Text must not contain NUL or half of a surrogate pair.',
        path.slice(0, -1),
      );
  }

  private number(value: number, path: string): void {
    if (isTooLarge(value))
      throw new MalformedBody(
        'number_out_of_range',
        'A number is beyond ±(2^53 − 1) and would lose digits; send it as text.',
        path.slice(0, -1),
      );
  }

  // Building a path for every leaf would cost more than looking at the leaf.
  private mayOffend(value: unknown): boolean {
    switch (typeof value) {
      case 'string':
        return this.escapes;
      case 'number':
        return this.numbers && isTooLarge(value);
      default:
        return typeof value === 'object' && value !== null;
    }
  }
}

// Past 2^53 − 1 doubles skip integers and have no fractions; 1e999 becomes Infinity.
function isTooLarge(value: number): boolean {
  return value > MAX_NUMBER || value < -MAX_NUMBER;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
