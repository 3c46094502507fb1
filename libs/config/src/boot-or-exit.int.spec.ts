import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

describe('bootOrExit, in a process of its own', () => {
  beforeAll(() => execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')]));

  const boot = (env: Record<string, string>) =>
    spawnSync(process.execPath, [join(ROOT, 'dist/libs/config/test/boot.js')], {
      env,
      encoding: 'utf8',
      timeout: 30_000,
    });

  it('ends with 78 and names every wrong variable, but no value', () => {
    const { status, stderr } = boot({ BOOT_PORT: 'http', BOOT_SECRET: 'hunter2' });
    expect(status).toBe(78);
    expect(stderr).toContain('boot cannot start');
    expect(stderr).toContain('BOOT_PORT must be a whole number');
    expect(stderr).toContain('BOOT_SECRET must have at least 20 characters');
    expect(stderr).toContain('.env.example');
    expect(stderr).not.toContain('hunter2');
    expect(stderr).not.toContain('    at ');
  });

  it('ends with 1 and the reason on any other failure, whatever is still open', () => {
    const { status, stderr } = boot({ BOOT_PORT: '1', BOOT_SECRET: 'long enough to be a secret' });
    expect(status).toBe(1);
    expect(stderr).toContain('boot cannot start: Error: the port is taken');
  });

  it('leaves a process alone that boots', () => {
    expect(boot({ BOOT_PORT: '2', BOOT_SECRET: 'long enough to be a secret' }).status).toBe(0);
  });
});
