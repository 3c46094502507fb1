const JWT = /eyJ[\w-]{6,}(?:\.[\w-]*){1,4}/g;
// A scheme is a word of prose too ("bearer token"): what follows must look like a credential.
const SCHEME = /\b(Bearer|Basic|Digest|ApiKey)(\s+|%20)[\w.~+/=-]{8,}/gi;
const API_KEY =
  /\b(?:mf_[a-z]+_[0-9A-Za-z]{16,}|[sr]k_(?:live|test)_[0-9A-Za-z]{16,}|(?:AKIA|ASIA)[0-9A-Z]{16}\b)/g;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs;
const URL_PASSWORD = /(:\/\/[^\s:@/"\\]*):[^\s/"\\]+@/g;
const ASSIGNED =
  /((?:password|passwd|pwd|passphrase|senha|secret|token|api[_-]?key|write[_-]?key|[?&]key)["']?(?:\s*=\s*|:\s+))(?!\[redacted\])[^\s"'&,;\\)}\]]+/gi;

/** Tokens, keys and passwords in running text. */
export function redactSecrets(line: string): string {
  let text = line;
  if (text.includes('eyJ')) text = text.replace(JWT, '[jwt]');
  if (text.includes('-----BEGIN')) text = text.replace(PEM, '[private key]');
  if (text.includes('://')) text = text.replace(URL_PASSWORD, '$1:[redacted]@');
  return text
    .replace(SCHEME, '$1$2[redacted]')
    .replace(API_KEY, '[api key]')
    .replace(ASSIGNED, '$1[redacted]');
}
