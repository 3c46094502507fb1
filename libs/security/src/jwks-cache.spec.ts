import { TestClock, TestJwks, TokenForge } from '../test/token-forge';
import { JwksCache } from './jwks-cache';

const first = new TokenForge('first');
const second = new TokenForge('second');

function setUp(keys = [first.jwk]) {
  const clock = new TestClock();
  const source = new TestJwks(keys);
  return { clock, source, cache: new JwksCache(source, clock) };
}

/** Lets a load that nobody waits for finish. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('JwksCache', () => {
  it('asks once for many tokens at once', async () => {
    const { cache, source } = setUp();
    await Promise.all(Array.from({ length: 50 }, () => cache.key('first')));
    expect(source.loads).toBe(1);
  });

  it('asks again for an unknown kid, once per cooldown', async () => {
    const { cache, source, clock } = setUp();
    await cache.key('first');
    clock.advance(11);
    for (let i = 0; i < 20; i++)
      await expect(cache.key(`forged-${i}`)).rejects.toMatchObject({ code: 'invalid_token' });
    expect(source.loads).toBe(2);
  });

  it('takes a new key as soon as it is listed', async () => {
    const { cache, source, clock } = setUp();
    await cache.key('first');
    source.keys = [second.jwk, first.jwk];
    clock.advance(11);
    await expect(cache.key('second')).resolves.toBeDefined();
  });

  it('drops a retired key with the next load', async () => {
    const { cache, source, clock } = setUp([second.jwk, first.jwk]);
    await cache.key('first');
    source.keys = [second.jwk];
    clock.advance(61);
    cache.knows('first');
    await settled();
    expect(cache.knows('first')).toBe(false);
    await expect(cache.key('first')).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('does not use keys of yesterday without asking', async () => {
    const { cache, source, clock } = setUp();
    await cache.key('first');
    source.keys = [second.jwk];
    clock.advance(86_400);
    await expect(cache.key('first')).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('keeps the last good keys while the source is away', async () => {
    const { cache, source, clock } = setUp();
    await cache.key('first');
    source.away = true;
    for (let minutes = 1; minutes <= 59; minutes++) {
      clock.advance(60);
      await expect(cache.key('first')).resolves.toBeDefined();
      expect(cache.knows('first')).toBe(true);
    }
  });

  it('trusts them for an hour and not longer: nobody could take a stolen one back', async () => {
    const { cache, source, clock } = setUp();
    await cache.key('first');
    source.away = true;
    clock.advance(3_601);
    expect(cache.knows('first')).toBe(false);
    await expect(cache.key('first')).rejects.toMatchObject({ code: 'keys_unavailable', kind: 'unavailable' });
    expect(cache.knows('first')).toBe(false);
    source.away = false;
    clock.advance(1);
    await expect(cache.key('first')).resolves.toBeDefined();
    expect(cache.knows('first')).toBe(true);
  });

  it('says 503, not 401, when it never saw a key', async () => {
    const { cache, source } = setUp();
    source.away = true;
    await expect(cache.key('first')).rejects.toMatchObject({ code: 'keys_unavailable', kind: 'unavailable' });
  });

  it('recovers a second after the source is back', async () => {
    const { cache, source, clock } = setUp();
    source.away = true;
    await expect(cache.key('first')).rejects.toMatchObject({ code: 'keys_unavailable' });
    source.away = false;
    clock.advance(1);
    await expect(cache.key('first')).resolves.toBeDefined();
  });

  it.each([
    ['for encryption', { use: 'enc' }],
    ['without a use', { use: undefined }],
    ['of another algorithm', { alg: 'RS512' }],
    ['of another type', { kty: 'EC' }],
    ['with a private part', { d: 'AQAB' }],
    ['without a name', { kid: '' }],
    ['of 1,024 bits', { n: first.jwk.n?.slice(0, 171) }],
  ])('never uses a key %s', async (_name, change) => {
    const { cache } = setUp([{ ...first.jwk, ...change }, second.jwk]);
    await expect(cache.key('first')).rejects.toMatchObject({ code: 'invalid_token' });
    await expect(cache.key('second')).resolves.toBeDefined();
  });

  it('does not lose its keys to an empty answer', async () => {
    const { cache, source, clock } = setUp();
    await cache.key('first');
    source.keys = [];
    clock.advance(301);
    await expect(cache.key('first')).resolves.toBeDefined();
  });
});
