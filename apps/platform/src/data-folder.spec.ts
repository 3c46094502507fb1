import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from './cannot-start';
import { openDataFolder } from './data-folder';
import { openSecrets } from './secrets';

describe('the data folder', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'moneyflow-data-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  it('is made when it is not there', () => {
    const folder = openDataFolder(join(home, 'a/b'));
    expect(statSync(folder.path).isDirectory()).toBe(true);
  });

  it('may not be a file, nor lie under one', () => {
    writeFileSync(join(home, 'file'), '');
    expect(() => openDataFolder(join(home, 'file'))).toThrow(/is a file[^]*MONEYFLOW_DATA_DIR/);
    expect(() => openDataFolder(join(home, 'file/below'))).toThrow(CannotStart);
  });

  it('must be writable', () => {
    chmodSync(home, 0o500);
    try {
      expect(() => asOrdinaryUser(() => openDataFolder(home))).toThrow(/may not write[^]*MONEYFLOW_DATA_DIR/);
    } finally {
      chmodSync(home, 0o700);
    }
  });

  it('says so when the system refuses to write, even to root', () => {
    expect(() => openDataFolder('/proc/moneyflow')).toThrow(/cannot be used[^]*MONEYFLOW_DATA_DIR/);
  });
});

describe('the secrets', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'moneyflow-secrets-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  it('are made once, differ, and are readable by their owner alone', () => {
    const secrets = openSecrets(home, {});
    expect(openSecrets(home, {})).toEqual(secrets);
    expect(new Set(Object.values(secrets)).size).toBe(Object.keys(secrets).length);
    expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('give way to the environment, whose value is not written down', () => {
    expect(openSecrets(home, { RELEASE_ID_SECRET: 'from outside' }).RELEASE_ID_SECRET).toBe('from outside');
    expect(readFileSync(join(home, 'secrets.json'), 'utf8')).not.toContain('from outside');
  });

  it.each(['{"RELEASE', 'null', ''])('are not replaced when the file holds %j', (content) => {
    writeFileSync(join(home, 'secrets.json'), content);
    expect(() => openSecrets(home, {})).toThrow(CannotStart);
    expect(readFileSync(join(home, 'secrets.json'), 'utf8')).toBe(content);
  });
});

/** Permissions do not stop root; CI runs as root. */
function asOrdinaryUser(work: () => void): void {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    work();
  } finally {
    process.seteuid?.(0);
  }
}
