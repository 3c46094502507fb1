import { TenantId } from '@libs/kernel';
import { identityOf } from '../../domain/identity';
import { HmacIdentityHash } from './hmac-identity-hash';

const SECRET = 'a secret of at least thirty-two characters';
const TENANT = '019a2b3c-0000-7000-8000-000000000001' as TenantId;
const OTHER = '019a2b3c-0000-7000-8000-000000000002' as TenantId;
const hash = new HmacIdentityHash(SECRET);

describe('HmacIdentityHash', () => {
  // Sketches in databases are made of these: they must never change.
  it('gives the numbers that it always gave', () => {
    expect(hash.of(TENANT, 'user', 'u-1')).toBe(1123983568516144);
    expect(new HmacIdentityHash(SECRET).of(TENANT, 'user', 'u-1')).toBe(1123983568516144);
  });

  it('tells tenants, kinds, ids and secrets apart', () => {
    const numbers = [
      hash.of(TENANT, 'user', 'a'),
      hash.of(TENANT, 'user', 'b'),
      hash.of(TENANT, 'device', 'a'),
      hash.of(TENANT, 'session', 'a'),
      hash.of(OTHER, 'user', 'a'),
      new HmacIdentityHash(`${SECRET}!`).of(TENANT, 'user', 'a'),
    ];
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('spreads evenly over 52 bits', () => {
    const numbers = Array.from({ length: 4_000 }, (_, i) => hash.of(TENANT, 'user', `u${i}`));
    for (const number of numbers)
      expect(Number.isInteger(number) && number >= 0 && number < 2 ** 52).toBe(true);
    const bitSet = (bit: number) =>
      numbers.filter((number) => Math.floor(number / 2 ** bit) % 2 === 1).length;
    // five standard deviations of 4,000 coins
    for (let bit = 0; bit < 52; bit++) expect(Math.abs(bitSet(bit) - 2_000)).toBeLessThan(160);
  });

  it('says the same when it has forgotten', () => {
    const before = hash.of(TENANT, 'device', 'd');
    for (let i = 0; i < 20_001; i++) hash.of(TENANT, 'session', `s${i}`);
    expect(hash.of(TENANT, 'device', 'd')).toBe(before);
  });
});

describe('identityOf', () => {
  const whole = { tenantId: TENANT, userId: 'u', deviceId: 'd', sessionId: 's' };

  it('knows somebody by the user, else the device, else the session', () => {
    const session = hash.of(TENANT, 'session', 's');
    expect(identityOf(whole, hash)).toEqual({ visitor: hash.of(TENANT, 'user', 'u'), session });
    expect(identityOf({ ...whole, userId: undefined }, hash)).toEqual({
      visitor: hash.of(TENANT, 'device', 'd'),
      session,
    });
    expect(identityOf({ tenantId: TENANT, sessionId: 's' }, hash)).toEqual({ visitor: session, session });
  });

  it('knows nobody without an id, and takes an empty one for none', () => {
    const nobody = { visitor: undefined, session: undefined };
    expect(identityOf({ tenantId: TENANT }, hash)).toEqual(nobody);
    expect(identityOf({ tenantId: TENANT, userId: '', deviceId: '', sessionId: '' }, hash)).toEqual(nobody);
  });
});
