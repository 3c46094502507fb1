import { generateKeyPairSync } from 'node:crypto';
import { KeyVault } from './key-vault';
import { generateSigningKey, readSigningKey } from './signing-key';

const pemOf = (bits: number): string =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

describe('signing keys', () => {
  it('publish their public half only, named by its thumbprint', async () => {
    const key = await generateSigningKey();
    expect(Object.keys(key.jwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    const again = readSigningKey(key.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
    expect(again.kid).toBe(key.kid);
  });

  it.each([
    ['a short key', () => pemOf(1024)],
    [
      'another kind of key',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
    ['nonsense', () => 'nonsense'],
  ])('refuse %s', (_name, pem) => expect(() => readSigningKey(pem())).toThrow());
});

describe('KeyVault', () => {
  const vault = new KeyVault('a secret of thirty-two characters or more');

  it('opens what it sealed, for the same kid and the same secret only', () => {
    const sealed = vault.seal('a private key', 'kid-1');
    expect(vault.open(sealed, 'kid-1')).toBe('a private key');
    expect(sealed.toString('latin1')).not.toContain('private');
    expect(() => vault.open(sealed, 'kid-2')).toThrow();
    expect(() => new KeyVault('another secret of thirty-two characters').open(sealed, 'kid-1')).toThrow();
  });

  it('notices any altered byte', () => {
    const sealed = vault.seal('k', 'kid-1');
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => vault.open(altered, 'kid-1')).toThrow();
      // also not one that is told by a shorter tag
      expect(() => vault.open(sealed.subarray(0, at), 'kid-1')).toThrow();
    }
  });
});
