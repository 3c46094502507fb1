import { FieldError, InvalidRequest } from '@libs/kernel';
import { ReleaseInput } from '../../domain/release-draft';

const FIELDS = new Set(['description', 'amount', 'occurredAt', 'metadata']);

/**
 * Reads the shape of one release; its meaning is the domain's. Written by hand, once for the single route and for
 * every item of a batch, where one bad item must not refuse the others.
 * @throws InvalidRequest naming every part of the wrong shape
 */
export function readReleaseInput(body: unknown): ReleaseInput {
  if (!isObject(body))
    throw new InvalidRequest([problem('', 'malformed_release', 'is a JSON object')], false);
  const errors: FieldError[] = [];
  for (const key of Object.keys(body))
    if (!FIELDS.has(key))
      errors.push(problem(shown(key), 'unknown_property', 'is not a property of a release'));

  const { description, amount, occurredAt, metadata } = body;
  if (description === undefined) errors.push(missing('description'));
  else if (typeof description !== 'string')
    errors.push(problem('description', 'malformed_description', 'is text'));
  if (occurredAt !== undefined && typeof occurredAt !== 'string')
    errors.push(problem('occurredAt', 'malformed_instant', 'is an RFC 3339 time with an offset'));
  if (metadata !== undefined && !isObject(metadata))
    errors.push(problem('metadata', 'malformed_metadata', 'is a JSON object'));
  if (amount === undefined) errors.push(missing('amount'));

  // money as a number has a shape of its own wrongness: it may have lost cents before it got here
  const meaningOnly = errors.length === 0;
  if (typeof amount === 'number')
    errors.push(
      problem('amount', 'amount_not_a_string', 'is a decimal string such as "-12.34", not a number'),
    );
  else if (amount !== undefined && typeof amount !== 'string')
    errors.push(problem('amount', 'malformed_amount', 'is a decimal string such as "-12.34"'));
  if (errors.length > 0) throw new InvalidRequest(errors, meaningOnly && typeof amount === 'number');
  return body as unknown as ReleaseInput;
}

/** The items of `{releases: […]}`. @throws InvalidRequest for any other shape */
export function readReleaseItems(body: unknown): unknown[] {
  if (!isObject(body)) throw new InvalidRequest([problem('', 'malformed_body', 'is a JSON object')], false);
  const errors = Object.keys(body)
    .filter((key) => key !== 'releases')
    .map((key) => problem(shown(key), 'unknown_property', 'is not a property of a batch'));
  if (body['releases'] === undefined) errors.push(missing('releases'));
  else if (!Array.isArray(body['releases']))
    errors.push(problem('releases', 'malformed_releases', 'is a list of releases'));
  if (errors.length > 0) throw new InvalidRequest(errors, false);
  return body['releases'] as unknown[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(path: string): FieldError {
  return problem(path, 'missing_property', 'is missing');
}

function problem(path: string, code: string, message: string): FieldError {
  return { path, code, message };
}

// a client's own property names come back in answers: shortened, never raw control characters
function shown(key: string): string {
  return key.replace(/\p{C}/gu, '\u{fffd}').slice(0, 100);
}
