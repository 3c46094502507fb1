import { Person } from './principal';
import { VerifiedTokens } from './verified-tokens';

const entry = { principal: { expiresAt: 1 } as Person, kid: 'k' };

describe('VerifiedTokens', () => {
  it('never holds more than its capacity and drops the least recently used', () => {
    const tokens = new VerifiedTokens(2);
    tokens.set('a', entry);
    tokens.set('b', entry);
    tokens.get('a');
    tokens.set('c', entry);
    expect(tokens.size).toBe(2);
    expect(tokens.get('b')).toBeUndefined();
    expect(tokens.get('a')).toBe(entry);
  });

  it('keeps its other entries when one is written again', () => {
    const tokens = new VerifiedTokens(2);
    tokens.set('a', entry);
    tokens.set('b', entry);
    tokens.set('b', entry);
    expect(tokens.size).toBe(2);
    expect(tokens.get('a')).toBe(entry);
  });
});
