import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { banner } from '../banner';
import { Demo, demoOnce } from './demo-once';

describe('the demo company, whose password everybody knows', () => {
  let folder: string;
  const seed = jest.fn(async () => undefined);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-'));
    seed.mockClear();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const start = (host: string, wanted = true) => demoOnce({ folder, host, wanted, seed });

  it.each(['127.0.0.1', '127.0.1.1', 'localhost', '::1'])(
    'is made once where only this machine can come: %s',
    async (host) => {
      expect([await start(host), await start(host)]).toEqual(['there', 'there']);
      expect(seed).toHaveBeenCalledTimes(1);
    },
  );

  it.each(['0.0.0.0', '::', '192.168.0.7', 'app.example', '127.0.0.1.example'])(
    'is not made where others can come: %s',
    async (host) => {
      expect(await start(host)).toBe('withheld');
      expect(seed).not.toHaveBeenCalled();
    },
  );

  it('is told to be there when others can come to one that was made before', async () => {
    await start('127.0.0.1');
    expect(await start('0.0.0.0')).toBe('exposed');
    expect(await start('0.0.0.0', false)).toBe('exposed');
  });

  it('is not made where nobody wants it, and is made by a later start when one was interrupted', async () => {
    expect(await start('127.0.0.1', false)).toBe('none');
    seed.mockRejectedValueOnce(new Error('interrupted'));
    await expect(start('127.0.0.1')).rejects.toThrow('interrupted');
    expect(await start('127.0.0.1')).toBe('there');
    expect(seed).toHaveBeenCalledTimes(2);
  });

  const shown: [Demo, RegExp, RegExp][] = [
    ['there', /bom-dia-pao-quente/, /npm run/],
    ['withheld', /Demo +none: others can reach this address.*npm run seed/, /bom-dia-pao-quente/],
    ['exposed', /Demo +WARNING: [^]*npm run tenants -- suspend padaria-estrela/, /bom-dia-pao-quente/],
    ['none', /Data/, /Demo/],
  ];
  it.each(shown)('is in the banner when it is %s', (demo, expected, unexpected) => {
    const platform = {
      url: 'http://localhost:3000',
      dataDir: '.data',
      logs: '.data/logs',
      services: [],
      demo,
    };
    const text = banner(platform, 1);
    expect(text).toMatch(expected);
    expect(text).not.toMatch(unexpected);
  });
});
