import { attackersOf } from '../test/attackers';
import { flippedBits, forgedHeaders, mutatedBytes, mutatedClaims, wrongTimes } from '../test/attacks';
import { TokenForge } from '../test/token-forge';

const forge = new TokenForge();

const lists = {
  'every byte of a valid token replaced, dropped or cut off': () => [...mutatedBytes(forge.sign())],
  'every bit of a valid token flipped': () => [...flippedBits(forge.sign())],
  'every claim edited, or wrong under a right signature': () => [...mutatedClaims(forge)],
  'headers that lie and keys that come along': () => [...forgedHeaders(forge)],
  'authentic tokens of the wrong time or kind': () => [...wrongTimes(forge)],
};

describe.each(['verifier', 'passport', 'memory'] as const)(
  'attacks on access tokens, through the %s',
  (way) => {
    it('starts from a token that passes', async () => {
      await expect(attackersOf(forge)[way](forge.sign())).resolves.toBe('accepted');
    });

    it.each(Object.entries(lists))('refuses all: %s', async (_name, list) => {
      const attempt = attackersOf(forge)[way];
      const accepted: string[] = [];
      const broken: string[] = [];
      const attacks = list();
      for (const { name, token } of attacks) {
        const outcome = await attempt(token);
        if (outcome === 'accepted') accepted.push(name);
        if (outcome === 'broken') broken.push(name);
      }
      expect(attacks.length).toBeGreaterThan(20);
      expect({ accepted, broken }).toEqual({ accepted: [], broken: [] });
    });
  },
);

it('counts thousands of attacks', () => {
  const total = Object.values(lists).reduce((sum, list) => sum + list().length, 0);
  expect(total).toBeGreaterThan(10_000);
});
