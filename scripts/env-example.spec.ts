import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, integer, string } from '@libs/config';
import { envExample } from './docs/env-example';
import { everyConfig } from './docs/every-config';

const ROOT = join(__dirname, '..');
// Those of the machine and of Node, not ours; the last is made by the test run for itself.
const NOT_OURS = new Set(['PATH', 'HOME', 'CI', 'NODE_ENV', 'NODE_OPTIONS', 'MONEYFLOW_TEST_POSTGRES_URL']);

describe('.env.example', () => {
  const text = envExample(everyConfig());

  it('is what the code says; run `npm run docs` when this fails', () => {
    expect(readFileSync(join(ROOT, '.env.example'), 'utf8')).toBe(text);
  });

  it('has every app in it', () => {
    const names = new Set(everyConfig().map(({ name }) => name));
    expect([...names]).toEqual(
      expect.arrayContaining(['auth', 'consolidated', 'platform', 'releases', 'migrate']),
    );
  });

  // prettier-ignore
  it.each([
    'DATABASE_URL', 'REDIS_URL', 'REDIS_HOST', 'REDIS_PORT', 'KAFKA_BROKERS', 'KAFKA_USERNAME', 'KAFKA_PASSWORD',
    'AWS_REGION', 'CACHE_TTL', 'CORS_ORIGINS', 'CORS_ORIGIN', 'RATE_LIMIT_LOGIN_PER_15_MIN',
    'RATE_LIMIT_GENERAL_PER_MIN', 'PORT', 'LOG_LEVEL', 'LOG_DIR', 'TRUST_PROXY', 'DATABASE_POOL_MAX',
  ])('knows %s, as the source documents call it', (name) => {
    expect(text).toMatch(new RegExp(`(?:^|[ #])${name}\\b`, 'm'));
  });

  it('names every variable that the code reads by itself', () => {
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'apps', 'libs', 'scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const read = files
      .split('\n')
      .filter((file) => /\.(?:ts|mjs)$/.test(file) && !file.endsWith('.spec.ts'))
      .flatMap((file) => [
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(/process\.env(?:\.|\[')([A-Z][A-Z0-9_]*)/g),
      ])
      .map(([, name]) => name ?? '');
    const unknown = read.filter((name) => !NOT_OURS.has(name) && !text.includes(`${name}=`));
    expect(unknown).toEqual([]);
  });

  it('shows no default of a secret, and tells defaults apart that differ', () => {
    const shown = envExample([
      { name: 'a', schema: defineConfig({ x: { port: integer('PORT', { default: 1, about: 'p' }) } }) },
      { name: 'b', schema: defineConfig({ x: { port: integer('PORT', { default: 2, about: 'p' }) } }) },
      { name: 'c', schema: defineConfig({ s: string('S', { default: 'hush', secret: true, about: 's' }) }) },
    ]);
    expect(shown).toContain('default 1 for a, 2 for b');
    expect(shown).not.toContain('hush');
  });
});
