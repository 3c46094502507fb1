import { MalformedInput } from './http-errors';

const MAX_LENGTH = 512;

/**
 * A place in a list as an opaque text. It holds positions only (a time, an id): whose rows they are always comes
 * from the token, so a cursor carried over to another tenant reads that tenant's own rows.
 */
export function writeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * @param accepts one predicate a part, in order
 * @throws MalformedInput `malformed_cursor` for anything writeCursor did not write for these parts
 */
export function readCursor<const A extends readonly ((part: string) => boolean)[]>(
  cursor: string,
  accepts: A,
): { [I in keyof A]: string } {
  const parts = cursor.length <= MAX_LENGTH ? partsOf(cursor) : undefined;
  if (!parts || parts.length !== accepts.length) throw malformed();
  const texts = parts.filter((part): part is string => typeof part === 'string');
  if (texts.length !== accepts.length || !accepts.every((accept, at) => accept(texts[at] ?? '')))
    throw malformed();
  return texts as { [I in keyof A]: string };
}

function partsOf(cursor: string): unknown[] | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  // base64url decoding skips what it does not know; only the canonical spelling is a cursor
  if (bytes.toString('base64url') !== cursor) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function malformed(): MalformedInput {
  return new MalformedInput('malformed_cursor', 'This cursor is not one that a list of ours returned.');
}
