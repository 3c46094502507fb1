import { mutatedKeys } from '../../test/key-attacks';
import { isWellFormedApiKey, mintApiKey } from './api-key-text';

describe('an API key', () => {
  it('is a prefix, 32 characters and a checksum, and shows its beginning only', () => {
    const { text, prefix } = mintApiKey();
    expect(text).toMatch(/^mf_live_[0-9A-Za-z]{38}$/);
    expect(text.startsWith(prefix)).toBe(true);
    expect(prefix).toHaveLength(14);
  });

  it('is well formed whenever it is minted, and never the same twice', () => {
    const texts = Array.from({ length: 2_000 }, () => mintApiKey().text);
    expect(texts.filter((text) => !isWellFormedApiKey(text))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('uses every character of its alphabet', () => {
    const seen = new Set(Array.from({ length: 200 }, () => mintApiKey().text.slice(8, 40)).join(''));
    expect(seen.size).toBe(62);
  });

  it('keeps its checksum', () => {
    // Fixed: keys that were given out must verify for ever.
    expect(isWellFormedApiKey('mf_live_0123456789ABCDEFGHIJKLMNOPQRSTUV0SR7wj')).toBe(true);
  });

  it('is refused with any character changed, dropped, doubled or swapped', () => {
    const { text } = mintApiKey();
    const attacks = mutatedKeys(text);
    expect(attacks.length).toBeGreaterThan(3_000);
    expect(attacks.filter(isWellFormedApiKey)).toEqual([]);
  });

  it.each([undefined, null, 1, {}, [], ['mf_live_'], Buffer.from('x'), ''])('is not %p', (value) => {
    expect(isWellFormedApiKey(value)).toBe(false);
  });
});
