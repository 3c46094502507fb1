import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { ApiKeyPeppers } from './api-key-peppers';

describe('ApiKeyPeppers', () => {
  it('hash by HMAC-SHA-256, whatever the secret and the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (secret, text) => {
          const expected = createHmac('sha256', secret).update(text).digest('hex');
          expect(new ApiKeyPeppers([{ version: 1, secret }]).hmac(text)).toBe(expected);
        },
      ),
    );
  });

  it('hash under each secret, newest first, and the same again', () => {
    const peppers = new ApiKeyPeppers([
      { version: 2, secret: 'new' },
      { version: 1, secret: 'old' },
    ]);
    const of = (secret: string): string => createHmac('sha256', secret).update('key').digest('hex');
    expect(peppers.version).toBe(2);
    for (let times = 0; times < 3; times += 1) expect(peppers.hmacs('key')).toEqual([of('new'), of('old')]);
  });
});
