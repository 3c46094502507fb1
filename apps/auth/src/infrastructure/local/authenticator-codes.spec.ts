import fc from 'fast-check';
import { AuthenticatorCodes } from './authenticator-codes';

const codes = new AuthenticatorCodes();
// The secret of RFC 6238 appendix B, `12345678901234567890`, in Base32; its codes there have eight digits.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1000);

describe('codes of authenticator apps', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('are those of RFC 6238 at %d s', (seconds, code) => {
    expect(codes.stepOf(SECRET, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('belong to their own step, seen from it and its two neighbours and from nowhere else', () => {
    const own = Math.floor(1_111_111_109 / 30);
    for (const distance of [-2, -1, 0, 1, 2])
      expect(codes.stepOf(SECRET, '081804', at((own + distance) * 30))).toBe(
        Math.abs(distance) <= 1 ? own : undefined,
      );
  });

  it.each(['', '08180', '0818041', '08180a', '٠٨١٨٠٤', '081804\n0', '0x1804', '-81804', '08 18 04 1'])(
    'are six plain digits: not %j',
    (code) => expect(codes.stepOf(SECRET, code, at(1_111_111_109))).toBeUndefined(),
  );

  it('may be typed in groups', () => {
    expect(codes.stepOf(SECRET, ' 081 804 ', at(1_111_111_109))).toBeDefined();
  });

  it('come of secrets of 160 bits, each its own', () => {
    const secrets = new Set(Array.from({ length: 100 }, () => codes.newSecret()));
    expect(secrets.size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });
});

describe('recovery codes', () => {
  it('have 120 bits, and are told by their hash in whatever spelling they are typed', () => {
    const [{ code, hash } = { code: '', hash: Buffer.alloc(0) }, ...others] = codes.newRecoveryCodes(10);
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{6}-){3}[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(new Set(others.map((each) => each.code)).size).toBe(9);
    const spellings = [
      code,
      code.toLowerCase(),
      code.replaceAll('-', ''),
      ` ${code.replaceAll('-', ' ')}\n`,
      code.replaceAll('0', 'o').replaceAll('1', 'L'),
    ];
    for (const spelling of spellings) expect(codes.recoveryHash(spelling)).toEqual(hash);
  });

  it('are never taken for a code of an app, nor one of an app for them', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const both = codes.recoveryHash(text) && codes.stepOf(SECRET, text, at(59)) !== undefined;
        expect(both ?? false).toBe(false);
      }),
    );
    expect(codes.recoveryHash('287082')).toBeUndefined();
  });

  it('change their hash with any character', () => {
    const [{ code, hash } = { code: '', hash: Buffer.alloc(0) }] = codes.newRecoveryCodes(1);
    for (const [i, character] of [...code].entries())
      if (character !== '-') {
        const other = character === 'A' ? 'B' : 'A';
        expect(codes.recoveryHash(code.slice(0, i) + other + code.slice(i + 1))).not.toEqual(hash);
      }
  });
});
