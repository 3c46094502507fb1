import { wordBefore } from './labels';

const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\da-z])/iy;
const LONGEST_TELLING = 32;
// A key alone may be anything's: an app's, a request's, a row's.
const TELLS_PIX_KEY =
  /(?:pix[ /_-](?:key|chave)s?|chaves?[ /_-](?:pix|aleat[oó]ria)|(?:minha|sua|nossa) chave)(?: (?:[ée]|eh|is))?[ :=/"'(]{1,4}$/i;

/** Past the UUID that starts here, if one does. */
export function endOfUuid(text: string, at: number): number | undefined {
  if (text[at + 8] !== '-') return undefined;
  UUID.lastIndex = at;
  return UUID.test(text) ? UUID.lastIndex : undefined;
}

/** Whether what stands before a UUID says that it is a random PIX key: `chave pix é …`, `/pix/keys/…`. */
export function tellsPixKey(text: string, start: number): boolean {
  if (start === 0) return false;
  return (
    wordBefore(text, start) === 'pixKey' ||
    TELLS_PIX_KEY.test(text.slice(Math.max(0, start - LONGEST_TELLING), start))
  );
}
