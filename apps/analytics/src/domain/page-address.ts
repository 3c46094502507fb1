/** Of an address that is told; what is longer is cut. */
const LONGEST_PAGE = 512;
const LONGEST_HOST = 253;
/** Beyond this an address is not even looked at: reading it would cost more than it tells. */
const LONGEST_READ = 8_192;
/** An address is read for most events, and most have been read before. */
const REMEMBERED = 2_000;
const REMEMBERED_LENGTH = 512;

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const HEX = /^(?=.*\d)[0-9a-f]{8,}$/i;
/** Digits with what stands between them in numbers of orders, accounts and documents. */
const NUMBER = /^[\d._-]*\d[\d._-]*$/;
const VERSION = /^v\d{1,3}$/i;
/** A word of one kind, a line, and its number: `order-20261`, `inv_000123`. */
const NUMBERED = /^[a-z]{1,12}[-_]?\d{4,}$/i;
const MASKED = /\*|%2a/i;
const LONGEST_WORDLESS = 15;

interface Address {
  /** Without the port and `www.`, lower case; '' where there is none. */
  host: string;
  page: string;
}

const read = new Map<string, Address | null>();

/**
 * Which page it is: host and path, without query and fragment, ids in the path told as `:id`, so that `/order/1` and `/order/2`
 * are one page and nobody's number is kept. At most 512 characters. undefined for what is no address of a page.
 */
export function pageOf(url: unknown): string | undefined {
  return addressOf(url)?.page || undefined;
}

/** The host that sent the visitor here. undefined where nobody did: the visitor came from the page's own host or directly. */
export function referrerOf(referrer: unknown, url: unknown): string | undefined {
  const from = addressOf(referrer)?.host;
  return !from || from === addressOf(url)?.host ? undefined : from;
}

function addressOf(text: unknown): Address | undefined {
  if (typeof text !== 'string' || text.length === 0 || text.length > LONGEST_READ) return undefined;
  let address = read.get(text);
  if (address === undefined) {
    address = readAddress(text) ?? null;
    if (read.size >= REMEMBERED) read.clear();
    if (text.length <= REMEMBERED_LENGTH) read.set(text, address);
  }
  return address ?? undefined;
}

function readAddress(text: string): Address | undefined {
  // A path alone is what a client tells that knows no host; its host does not matter then.
  const path = text.startsWith('/') && !text.startsWith('//');
  const url = URL.parse(path ? `http://path${text}` : text);
  if (!url || (!path && (url.host === '' || url.protocol === 'file:'))) return undefined;
  const folded = foldIds(url.pathname);
  return {
    host: path
      ? ''
      : url.hostname
          .toLowerCase()
          .replace(/^www\./, '')
          .replace(/\.$/, '')
          .slice(0, LONGEST_HOST),
    page: (path ? folded : url.host.toLowerCase() + folded).toWellFormed().slice(0, LONGEST_PAGE),
  };
}

function foldIds(pathname: string): string {
  const folded = pathname
    .split('/')
    .map((segment) => (isId(segment) ? ':id' : segment))
    .join('/');
  // with and without the last line it is the same page
  return folded.length > 1 ? folded.replace(/\/+$/, '') || '/' : folded || '/';
}

/** Whether it names one of many: a number, a UUID, a key, or what was masked because it was a person's. */
function isId(segment: string): boolean {
  if (segment === '' || VERSION.test(segment)) return false;
  return (
    NUMBER.test(segment) ||
    UUID.test(segment) ||
    HEX.test(segment) ||
    NUMBERED.test(segment) ||
    MASKED.test(segment) ||
    segment.includes('@') ||
    isKey(segment)
  );
}

/** Long, with digits among letters, and not words with lines between them. */
function isKey(segment: string): boolean {
  if (segment.length <= LONGEST_WORDLESS || !/\d/.test(segment)) return false;
  return segment.split(/[-_.]/).some((part) => part.length > LONGEST_WORDLESS && /\d/.test(part));
}
