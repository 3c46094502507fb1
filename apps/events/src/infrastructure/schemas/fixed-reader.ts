import { canonicalInstant } from '../../domain/event-time';
import { integerReader, numberReader, ReadValue, textReader } from './property-reader';
import { Refusal } from './refusal';

// The fields that every event has, whatever its type and form.

const NOT_TEXT = new Refusal('wrong_type', 'must be text');
const EMPTY = new Refusal('empty', 'must not be empty');
const MALFORMED_ID = new Refusal('malformed_id', 'must have 1–128 characters and no control characters');
const MALFORMED_ZONE = new Refusal(
  'malformed_timezone',
  'must be a name of the IANA, such as America/Sao_Paulo',
);
const MALFORMED_LOCALE = new Refusal('malformed_locale', 'must be a language tag, such as pt-BR');
const MALFORMED_VERSION = new Refusal('malformed_version', 'must be a version, such as 1.0.0');
const MALFORMED_UUID = new Refusal('malformed_uuid', 'must be a UUID');
const NOT_UUID_4 = new Refusal('malformed_uuid', 'must be a UUID of version 4');

const NO_INSTANT = new Refusal(
  'malformed_timestamp',
  'must be an instant (RFC 3339 with an offset), such as 2026-11-22T12:00:00.000Z',
);

const MAX_ID = 128;
const CONTROL = /\p{Cc}/u;
const ZONE = /^[A-Za-z0-9_+/-]{1,64}$/;
const LOCALE = /^[A-Za-z0-9@._-]{1,64}$/;
const VERSION = /^[A-Za-z0-9.+_-]{1,32}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UPPER = /[A-F]/;

/** Of a page, or where it was come from. */
export const readUrl: ReadValue = textReader(8_192);
export const readUserAgent: ReadValue = textReader(2_048);
export const readSeq: ReadValue = integerReader(0, 2_147_483_647);
/** CSS pixels; a zoomed window has fractions of them. */
export const readPixels: ReadValue = numberReader(0, 100_000);
export const readZone: ReadValue = matching(ZONE, MALFORMED_ZONE);
export const readLocale: ReadValue = matching(LOCALE, MALFORMED_LOCALE);
export const readVersion: ReadValue = matching(VERSION, MALFORMED_VERSION);
export const readId: ReadValue = (value) => {
  if (typeof value !== 'string') return NOT_TEXT;
  if (value === '') return EMPTY;
  return value.length > MAX_ID || CONTROL.test(value) ? MALFORMED_ID : value;
};

/** As it came: which type it is, the form decides. */
export const asItIs: ReadValue = (value) => value;

export const readTime: ReadValue = (value) =>
  typeof value !== 'string' ? NOT_TEXT : (canonicalInstant(value) ?? NO_INSTANT);

/** Answers it in lower case, so that one id has one spelling. */
export const readUuid: ReadValue = (value) => {
  if (typeof value !== 'string') return NOT_TEXT;
  const id = UPPER.test(value) ? value.toLowerCase() : value;
  return UUID.test(id) ? id : MALFORMED_UUID;
};

export const readUuid4: ReadValue = (value) => {
  const id = readUuid(value);
  return id === MALFORMED_UUID || (typeof id === 'string' && id[14] !== '4') ? NOT_UUID_4 : id;
};

function matching(pattern: RegExp, malformed: Refusal): ReadValue {
  return (value) => {
    if (typeof value !== 'string') return NOT_TEXT;
    if (value === '') return EMPTY;
    return pattern.test(value) ? value : malformed;
  };
}
