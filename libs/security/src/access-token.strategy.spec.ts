import { newId } from '@libs/kernel';
import { SETTINGS, TestClock, TestJwks, TokenForge } from '../test/token-forge';
import { AccessTokenVerifier } from './access-token-verifier';
import { AccessTokenStrategy } from './access-token.strategy';
import { JwksCache } from './jwks-cache';

describe('AccessTokenStrategy', () => {
  const forge = new TokenForge();

  it('gives each of many requests at once its own principal, while the keys are still on their way', async () => {
    const clock = new TestClock();
    const keys = new JwksCache(new TestJwks([forge.jwk]), clock);
    const verifier = new AccessTokenVerifier(keys, SETTINGS, clock);
    const strategy = new AccessTokenStrategy(verifier);
    const tokenIds = Array.from({ length: 20 }, () => newId());
    const principals = await Promise.all(
      tokenIds.map((jti) => {
        const request = { headers: { authorization: `Bearer ${forge.sign(forge.claims({ jti }))}` } };
        return strategy.principalOf(request, {});
      }),
    );
    expect(principals.map((principal) => principal.tokenId)).toEqual(tokenIds);
  });
});
