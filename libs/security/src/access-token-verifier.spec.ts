import { NOW_SECONDS, SETTINGS, TestClock, TestJwks, TokenForge } from '../test/token-forge';
import { AccessTokenVerifier } from './access-token-verifier';
import { JwksCache } from './jwks-cache';

const forge = new TokenForge();
const other = new TokenForge('other');

function setUp() {
  const clock = new TestClock();
  const source = new TestJwks([forge.jwk, other.jwk]);
  return { clock, source, verifier: new AccessTokenVerifier(new JwksCache(source, clock), SETTINGS, clock) };
}

describe('AccessTokenVerifier', () => {
  it('reads the principal from the claims', async () => {
    const { verifier } = setUp();
    await expect(verifier.verify(forge.sign())).resolves.toEqual({
      userId: '019a2b3c-0000-7000-8000-000000000001',
      tenantId: '019a2b3c-0000-7000-8000-000000000002',
      email: 'dona@estrela.example',
      role: 'owner',
      scopes: ['releases:read', 'releases:write'],
      sessionId: '019a2b3c-0000-7000-8000-000000000004',
      tokenId: '019a2b3c-0000-7000-8000-000000000003',
      expiresAt: NOW_SECONDS + 900,
      kind: 'person',
      authenticatedAt: NOW_SECONDS,
      methods: ['pwd'],
    });
  });

  it('tolerates 30 s between two clocks, both ways', async () => {
    const { verifier } = setUp();
    const late = forge.claims({ iat: NOW_SECONDS - 929, exp: NOW_SECONDS - 29 });
    const early = forge.claims({ iat: NOW_SECONDS + 30, exp: NOW_SECONDS + 930 });
    await expect(verifier.verify(forge.sign(late))).resolves.toBeDefined();
    await expect(verifier.verify(forge.sign(early))).resolves.toBeDefined();
  });

  it('remembers what it verified and nothing else', async () => {
    const { verifier } = setUp();
    const token = forge.sign();
    expect(verifier.recall(token)).toBeUndefined();
    const principal = await verifier.verify(token);
    expect(verifier.recall(token)).toBe(principal);
    expect(verifier.recall(`${token}=`)).toBeUndefined();
  });

  it('checks the expiry of what it remembers', async () => {
    const { verifier, clock } = setUp();
    const token = forge.sign(forge.claims({ exp: NOW_SECONDS + 100 }));
    await verifier.verify(token);
    clock.advance(130);
    expect(() => verifier.recall(token)).toThrow(expect.objectContaining({ code: 'expired_token' }));
  });

  it('forgets what a retired key signed', async () => {
    const { verifier, clock, source } = setUp();
    const token = forge.sign();
    await verifier.verify(token);
    source.keys = [other.jwk];
    clock.advance(61);
    verifier.recall(token);
    await new Promise((resolve) => setImmediate(resolve));
    expect(verifier.recall(token)).toBeUndefined();
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('refuses a token of another issuer or for another audience', async () => {
    const { verifier } = setUp();
    for (const change of [{ iss: 'somebody' }, { aud: 'another-client' }])
      await expect(verifier.verify(forge.sign(forge.claims(change)))).rejects.toMatchObject({
        code: 'invalid_token',
      });
  });
});
