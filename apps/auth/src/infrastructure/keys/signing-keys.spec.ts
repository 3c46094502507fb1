import { generateKeyPairSync } from 'node:crypto';
import { keysOfEnvironment } from './keys-of-environment';
import { PostgresKeyRing } from './postgres-key-ring';
import { ReloadSigningKeys } from './reload-signing-keys';
import { readSigningKey } from './signing-key';
import { SigningKeys, TimedKey } from './signing-keys';

const pem = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const [FIRST, SECOND, THIRD] = [pem(), pem(), pem()] as [string, string, string];
const START = Date.parse('2026-11-22T12:00:00.000Z');
const MINUTE = 60_000;

let now = START;
const clock = { now: () => new Date(now) };
const keyOf = (text: string, minute: number): TimedKey => ({
  ...readSigningKey(text),
  activatesAt: new Date(START + minute * MINUTE),
});
const kid = (text: string): string => readSigningKey(text).kid;
const shown = (keys: SigningKeys): string[] => keys.published().map((jwk) => jwk.kid);

beforeEach(() => (now = START));

describe('SigningKeys', () => {
  it('publishes a key before it signs, and the one before it as long as a token of it may live', () => {
    const keys = new SigningKeys([keyOf(FIRST, -60), keyOf(SECOND, 3)], clock);
    expect([keys.current().kid, shown(keys)]).toEqual([kid(FIRST), [kid(SECOND), kid(FIRST)]]);
    now = START + 3 * MINUTE - 1;
    expect(keys.current().kid).toBe(kid(FIRST));
    now = START + 3 * MINUTE;
    expect([keys.current().kid, shown(keys)]).toEqual([kid(SECOND), [kid(SECOND), kid(FIRST)]]);
    // 15 min of the last token, 30 s of skew at the verifier, and more
    now = START + 3 * MINUTE + 15 * MINUTE + 30_000;
    expect(shown(keys)).toContain(kid(FIRST));
    now = START + 3 * MINUTE + 17 * MINUTE;
    expect(shown(keys)).toEqual([kid(SECOND)]);
  });

  it('never has nothing to sign with', () => {
    expect(() => new SigningKeys([], clock)).toThrow(/no signing key/);
    expect(new SigningKeys([keyOf(FIRST, 5)], clock).current().kid).toBe(kid(FIRST));
  });
});

describe('JWT_PRIVATE_KEY', () => {
  it('may hold several keys: the first signs, all are published for as long as they stand there', () => {
    const keys = new SigningKeys(keysOfEnvironment(`${FIRST}${SECOND}\n${THIRD}`), clock);
    expect(keys.current().kid).toBe(kid(FIRST));
    expect(shown(keys).sort()).toEqual([kid(FIRST), kid(SECOND), kid(THIRD)].sort());
  });

  it('may be on one line', () => {
    const line = `${FIRST}${SECOND}`.replaceAll('\n', '\\n');
    expect(keysOfEnvironment(line).map((key) => key.kid)).toEqual([kid(FIRST), kid(SECOND)]);
  });

  it('is refused whole when one of them is not usable', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const bad = `${FIRST}${short.export({ type: 'pkcs8', format: 'pem' }).toString()}`;
    expect(() => keysOfEnvironment(bad)).toThrow(/JWT_PRIVATE_KEY is not usable/);
    expect(() => keysOfEnvironment('')).toThrow(/JWT_PRIVATE_KEY is not usable/);
  });
});

describe('ReloadSigningKeys', () => {
  it('takes what the database has, and keeps what it had when that is away or empty', async () => {
    const keys = new SigningKeys([keyOf(FIRST, -60)], clock);
    const read = jest
      .fn()
      .mockResolvedValueOnce([keyOf(FIRST, -60), keyOf(SECOND, 0)])
      .mockRejectedValueOnce(new Error('away'))
      .mockResolvedValueOnce([]);
    const reload = new ReloadSigningKeys(keys, { read } as unknown as PostgresKeyRing);
    for (let each = 0; each < 3; each++) {
      await reload.reload();
      expect(keys.current().kid).toBe(kid(SECOND));
    }
  });
});
