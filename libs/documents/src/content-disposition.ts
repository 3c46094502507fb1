// RFC 5987 attr-char: what needs no escape in an extended parameter
const ESCAPED = /[^A-Za-z0-9!#$&+.^_`|~-]/g;
const PLAIN = /[^A-Za-z0-9 !#$&()+,.=@[\]^_`{}~-]/g;

/**
 * `attachment` with a file name (RFC 6266), so that a browser saves a document instead of running what is in it. The
 * name is a client's text: both forms escape whatever could end the parameter or the header.
 */
export function attachment(fileName: string): string {
  const utf8 = [...fileName].map((character) => character.replace(ESCAPED, encode)).join('');
  return `attachment; filename="${fileName.replace(PLAIN, '_')}"; filename*=UTF-8''${utf8}`;
}

function encode(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
