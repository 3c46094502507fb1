import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const MADE = join(process.cwd(), 'dist/public');
const COMPILER = join(process.cwd(), 'node_modules/typescript/bin/tsc');
const FLAGS = ['--noEmit', '--strict', '--ignoreConfig', '--target', 'es2020', '--lib', 'es2020'];

/** As an application that has the module and its types beside its own code. */
describe('the types that are shipped', () => {
  jest.setTimeout(60_000); // the compiler, on a machine that does other things
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'moneyflow-types-'));
    for (const name of ['moneyflow-tracking.mjs', 'moneyflow-tracking.d.ts', 'moneyflow-tracking.d.mts'])
      copyFileSync(join(MADE, name), join(folder, name));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** @returns what the compiler has against it */
  async function complaints(source: string, resolution: string): Promise<string> {
    writeFileSync(
      join(folder, 'consumer.ts'),
      `import { MoneyFlow } from './moneyflow-tracking.mjs';\nimport type { Notice } from './moneyflow-tracking.mjs';\n${source}`,
    );
    const module = resolution === 'bundler' ? 'esnext' : resolution;
    const told = [COMPILER, ...FLAGS, '--module', module, '--moduleResolution', resolution, 'consumer.ts'];
    return promisify(execFile)(process.execPath, told, { cwd: folder }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
  }

  it.each(['bundler', 'nodenext'])(
    'are found by an application that is compiled for %s',
    async (resolution) => {
      const source = `
      interface Mine { method: string; branch: number }
      const mine: Mine = { method: 'password', branch: 7 };
      const told: Notice[] = [];
      MoneyFlow.init({ endpoint: 'https://api.example', writeKey: 'mf_live_x', onNotice: (notice) => told.push(notice) });
      const id: string | undefined = MoneyFlow.track('login', mine);
      MoneyFlow.track('transfer_completed', { amount: '150.50', transfer_type: 'pix', of_ours: [id] });
      MoneyFlow.track('heartbeat');
      MoneyFlow.page({ title: 'Extrato', of_ours: true });`;
      expect(await complaints(source, resolution)).toBe('');
    },
  );

  it.each([
    ['a type that is none', `MoneyFlow.track('transfer_done', {});`],
    ['a transfer without its amount', `MoneyFlow.track('transfer_completed', { transfer_type: 'pix' });`],
    ['a property of another kind', `MoneyFlow.track('login', { mfa: 'yes', of_ours: 1 });`],
    ['an option that is none', `MoneyFlow.init({ key: 'x' });`],
  ])('refuse %s', async (_, source) => {
    expect(await complaints(source, 'bundler')).toMatch(/^consumer\.ts\(3,\d+\): error TS2\d{3}/);
  });

  it('are of a module that loads where there is no browser', async () => {
    const program = `import { MoneyFlow } from ${JSON.stringify(join(folder, 'moneyflow-tracking.mjs'))};
      MoneyFlow.identify('42');
      console.log(MoneyFlow.track('login'), MoneyFlow.state().initialized);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toBe('undefined false\n');
  });
});
