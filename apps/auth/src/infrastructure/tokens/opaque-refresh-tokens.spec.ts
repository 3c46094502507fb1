import { newId, TenantId } from '@libs/kernel';
import { OpaqueRefreshTokens } from './opaque-refresh-tokens';

const tokens = new OpaqueRefreshTokens();
const tenantId = newId<TenantId>();

describe('OpaqueRefreshTokens', () => {
  it('reads what it minted: the same tenant, the same hash', () => {
    const minted = tokens.mint(tenantId);
    expect(minted.text).toMatch(/^mf_refresh_[A-Za-z0-9_-]{64}$/);
    expect(tokens.read(minted.text)).toEqual(minted);
  });

  it('never mints the same twice', () => {
    const texts = Array.from({ length: 1_000 }, () => tokens.mint(tenantId).text);
    expect(new Set(texts).size).toBe(1_000);
  });

  it('hashes every character', () => {
    const { text, hash } = tokens.mint(tenantId);
    for (let at = 'mf_refresh_'.length; at < text.length; at++) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
      expect(tokens.read(changed)?.hash.equals(hash) ?? false).toBe(false);
    }
  });

  it.each([
    '',
    'x',
    `mf_refresh_${'A'.repeat(63)}`,
    `mf_refresh_${'A'.repeat(65)}`,
    `mf_refresh_${'+'.repeat(64)}`,
    `mf_refresh_${'A'.repeat(64)}`,
  ])('does not take %s for one of ours', (text) => expect(tokens.read(text)).toBeUndefined());

  it('opens a sealed successor with its predecessor alone', () => {
    const [predecessor, successor, stranger] = [
      tokens.mint(tenantId),
      tokens.mint(tenantId),
      tokens.mint(tenantId),
    ];
    const sealed = tokens.seal(successor, predecessor);
    expect(tokens.unseal(sealed, predecessor)).toEqual(successor);
    expect(() => tokens.unseal(sealed, stranger)).toThrow();
    expect(() => tokens.unseal(sealed, successor)).toThrow();
    sealed[40] = (sealed[40] ?? 0) ^ 1;
    expect(() => tokens.unseal(sealed, predecessor)).toThrow();
  });
});
