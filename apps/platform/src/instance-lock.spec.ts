import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from './cannot-start';
import { InstanceLock } from './instance-lock';

describe('InstanceLock', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moneyflow-lock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('refuses a second holder and names the first', () => {
    InstanceLock.acquire(folder);
    expect(() => InstanceLock.acquire(folder)).toThrow(CannotStart);
    expect(() => InstanceLock.acquire(folder)).toThrow(String(process.pid));
  });

  it('is free again once released', () => {
    InstanceLock.acquire(folder).release();
    InstanceLock.acquire(folder).release();
    expect(existsSync(join(folder, 'platform.lock'))).toBe(false);
  });

  it('takes over from a process that is gone, even when its id lives on in another', () => {
    for (const left of [
      { pid: 2 ** 22 + 1, started: 'x:1' },
      { pid: process.pid, started: 'another-boot:1' },
    ]) {
      writeFileSync(join(folder, 'platform.lock'), JSON.stringify(left));
      InstanceLock.acquire(folder).release();
    }
  });

  it('takes over a torn lock', () => {
    writeFileSync(join(folder, 'platform.lock'), '{"pi');
    InstanceLock.acquire(folder).release();
  });
});
