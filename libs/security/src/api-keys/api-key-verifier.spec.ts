import { newId } from '@libs/kernel';
import { KeyRing, PEPPERS, TENANT } from '../../test/key-ring';
import { mutatedKeys } from '../../test/key-attacks';
import { NOW, TestClock } from '../../test/token-forge';
import { ApiKeyPeppers } from './api-key-peppers';
import { mintApiKey } from './api-key-text';
import { ApiKeyVerifier } from './api-key-verifier';

function setUp(peppers = PEPPERS) {
  const clock = new TestClock();
  const ring = new KeyRing(peppers);
  const verifier = new ApiKeyVerifier(ring, peppers, clock);
  /** The outcome of a check, however it comes: the code of a refusal, or `passed`. */
  const outcome = async (text: unknown): Promise<string> => {
    try {
      await verifier.verify(text);
      return 'passed';
    } catch (error) {
      return (error as { code?: string }).code ?? (error as Error).message;
    }
  };
  return { clock, ring, verifier, outcome };
}

describe('ApiKeyVerifier', () => {
  it('says whose key it is', async () => {
    const { ring, verifier } = setUp();
    const [keyId, appId] = [newId(), newId()];
    const expiresAt = new Date(NOW.getTime() + 60_500);
    const key = ring.add({ keyId, appId, expiresAt, requestsPerMinute: 60 });
    await expect(verifier.verify(key)).resolves.toEqual({
      kind: 'key',
      keyId,
      userId: keyId,
      appId,
      tenantId: TENANT,
      scopes: ['releases:read', 'releases:write'],
      requestsPerMinute: 60,
      expiresAt: Math.floor(expiresAt.getTime() / 1000),
    });
  });

  it('gives a key no scope that only people have, whatever its record says', async () => {
    const { ring, verifier } = setUp();
    const key = ring.add({ scopes: ['keys:write', 'members:write', 'releases:read', '*', ''] });
    expect((await verifier.verify(key)).scopes).toEqual(['releases:read']);
  });

  it('asks once a second and answers at once in between', async () => {
    const { ring, verifier, clock } = setUp();
    const key = ring.add();
    await verifier.verify(key);
    clock.at += 999;
    expect(verifier.verify(key)).not.toBeInstanceOf(Promise);
    expect(ring.lookUps).toBe(1);
    clock.at += 1;
    await verifier.verify(key);
    expect(ring.lookUps).toBe(2);
  });

  it('sees within a second that a key was revoked, expired, changed or is gone', async () => {
    const { ring, verifier, clock, outcome } = setUp();
    const key = ring.add();
    await verifier.verify(key);
    ring.set(key, { scopes: ['releases:read'] });
    clock.advance(1);
    expect((await verifier.verify(key)).scopes).toEqual(['releases:read']);
    ring.set(key, { revokedAt: NOW });
    clock.advance(1);
    expect(await outcome(key)).toBe('revoked_api_key');
    ring.records.clear();
    clock.advance(1);
    expect(await outcome(key)).toBe('invalid_api_key');
  });

  it('counts the second from before the question', async () => {
    const { ring, verifier, clock } = setUp();
    const key = ring.add();
    let answer = (): void => undefined;
    ring.gate = new Promise((resolve) => (answer = resolve));
    const first = verifier.verify(key);
    clock.at += 700;
    answer();
    await first;
    clock.at += 300;
    await verifier.verify(key);
    expect(ring.lookUps).toBe(2);
  });

  it('ends a remembered key at its very expiry', async () => {
    const { ring, verifier, clock, outcome } = setUp();
    const key = ring.add({ expiresAt: new Date(NOW.getTime() + 500) });
    await verifier.verify(key);
    clock.at += 499;
    expect(await outcome(key)).toBe('passed');
    clock.at += 1;
    expect(await outcome(key)).toBe('expired_api_key');
    expect(ring.lookUps).toBe(1);
  });

  it('shares one look-up among requests that come together', async () => {
    const { ring, verifier } = setUp();
    const key = ring.add();
    const asked = Array.from({ length: 1_000 }, async () => verifier.verify(key));
    const holders = await Promise.all(asked);
    expect(ring.lookUps).toBe(1);
    expect(new Set(holders).size).toBe(1);
  });

  it('remembers for a second that a key is unknown, and then sees it come', async () => {
    const { ring, clock, outcome } = setUp();
    const { text } = mintApiKey();
    for (let turn = 0; turn < 100; turn += 1) expect(await outcome(text)).toBe('invalid_api_key');
    expect(ring.lookUps).toBe(1);
    ring.set(text);
    clock.advance(1);
    expect(await outcome(text)).toBe('passed');
  });

  it('keeps the keys in use when thousands of invented ones come by', async () => {
    const { ring, verifier, outcome } = setUp();
    const key = ring.add();
    await verifier.verify(key);
    for (let turn = 0; turn < 12_000; turn += 1) await outcome(mintApiKey().text);
    expect(verifier.verify(key)).not.toBeInstanceOf(Promise);
  });

  it('believes nothing it cannot date: the clock was set back', async () => {
    const { ring, verifier, clock } = setUp();
    const key = ring.add();
    await verifier.verify(key);
    clock.advance(-3_600);
    await verifier.verify(key);
    expect(ring.lookUps).toBe(2);
  });

  it('passes on that the directory is away, remembers no failure and admits nobody meanwhile', async () => {
    const { ring, clock, outcome } = setUp();
    const key = ring.add();
    expect(await outcome(key)).toBe('passed');
    ring.away = true;
    clock.advance(1);
    expect(await outcome(key)).toBe('away');
    ring.away = false;
    expect(await outcome(key)).toBe('passed');
  });

  it('refuses the record of another key', async () => {
    const { ring, outcome } = setUp();
    const key = ring.add();
    const [record] = ring.records.values();
    ring.find = async () => record && { ...record, hmac: PEPPERS.hmac(mintApiKey().text) };
    expect(await outcome(key)).toBe('invalid_api_key');
  });

  it('finds keys under an older pepper, and no longer once that is dropped', async () => {
    const [first, second] = ['1', '2'].map((digit, at) => ({ version: at + 1, secret: digit.repeat(32) }));
    if (!first || !second) throw new Error('two peppers');
    const before = setUp(new ApiKeyPeppers([first]));
    const key = before.ring.add();
    const rotated = setUp(new ApiKeyPeppers([second, first]));
    const dropped = setUp(new ApiKeyPeppers([second]));
    for (const [hmac, record] of before.ring.records)
      for (const { ring } of [rotated, dropped]) ring.records.set(hmac, record);
    expect(await rotated.outcome(key)).toBe('passed');
    expect(await dropped.outcome(key)).toBe('invalid_api_key');
  });

  it('accepts none of thousands of mutations of a remembered key, and looks none up', async () => {
    const { ring, verifier, outcome } = setUp();
    const key = ring.add();
    await verifier.verify(key);
    const outcomes = new Set<string>();
    const attacks = mutatedKeys(key);
    for (const text of attacks) outcomes.add(await outcome(text));
    expect(attacks.length).toBeGreaterThan(3_000);
    expect([...outcomes]).toEqual(['invalid_api_key']);
    expect(ring.lookUps).toBe(1);
  });
});
