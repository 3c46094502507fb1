import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoWriteKey } from './demo-write-key';

const NOBODY = 'http://127.0.0.1:9';

describe("the test page's key", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'demo-key-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the one that the data folder has', async () => {
    writeFileSync(join(folder, 'demo-write-key'), 'mf_live_kept');
    const key = new DemoWriteKey();
    expect(key.writeKey).toBeUndefined();
    await key.open(folder, NOBODY);
    expect(key.writeKey).toBe('mf_live_kept');
  });

  it('is none where none can be made, which keeps nobody from starting', async () => {
    const key = new DemoWriteKey();
    await expect(key.open(folder, NOBODY)).resolves.toBeUndefined();
    expect(key.writeKey).toBeUndefined();
  });
});
