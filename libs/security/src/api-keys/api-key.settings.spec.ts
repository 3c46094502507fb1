import { ConfigError, defineConfig } from '@libs/config';
import { ApiKeyPeppers } from './api-key-peppers';
import { apiKeySettings } from './api-key.settings';

const [one, two] = ['a'.repeat(32), 'b'.repeat(40)];
const schema = defineConfig({ apiKeys: apiKeySettings() });
const read = (value: string): ApiKeyPeppers => schema.parse({ API_KEY_SECRET: value }).apiKeys.peppers;

describe('API_KEY_SECRET', () => {
  it('takes a bare secret as version 1', () => {
    const peppers = read(one);
    expect(peppers.version).toBe(1);
    expect(peppers.hmac('x')).toBe(read(`1:${one}`).hmac('x'));
  });

  it('hashes under the newest and looks up under all', () => {
    const before = read(one);
    const after = read(`2:${two}, 1:${one}`);
    expect(after.version).toBe(2);
    expect(after.hmac('x')).not.toBe(before.hmac('x'));
    expect(after.hmacs('x')).toEqual([after.hmac('x'), before.hmac('x')]);
  });

  it('is HMAC-SHA-256 in lower-case hex', () => {
    // As `openssl dgst -sha256 -hmac` says.
    expect(read('Jefe'.repeat(8)).hmac('what do ya want for nothing?')).toBe(
      '167f928588c5cc2eef8e3093caa0e87c9ff566a14794aa61648d81621a2a40c6',
    );
  });

  it.each([
    ['a short secret', 'short'],
    ['a short one among others', `2:${two},1:short`],
    ['the oldest first', `1:${one},2:${two}`],
    ['a version twice', `1:${one},1:${two}`],
    ['a secret twice', `2:${one},1:${one}`],
    ['a secret without a version among others', `2:${two},${one}`],
    [
      'too many versions',
      [5, 4, 3, 2, 1].map((version) => `${version}:${String(version).repeat(32)}`).join(),
    ],
  ])('refuses %s and never repeats it', (_name, value) => {
    expect(() => read(value)).toThrow(ConfigError);
    expect(() => read(value)).toThrow(/API_KEY_SECRET must/);
    expect(() => read(value)).not.toThrow(new RegExp(`${one}|${two}|short`));
  });

  it('stops the boot where it is missing', () => {
    expect(() => read('')).toThrow(/API_KEY_SECRET is missing/);
  });

  it('shows no secret when it is printed', () => {
    expect(JSON.stringify(read(one))).not.toContain(one);
  });
});
