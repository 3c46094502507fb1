import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { eventually, freePort } from '@libs/testing';

const ROOT = resolve(__dirname, '../../..');
const MAX_PSS_MB = 400;

/** The command itself, through npm, as a person types it. */
describe('the command npm start', () => {
  let npm: ChildProcess;
  let said = '';
  let port: number;
  const dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-npm-'));

  beforeAll(async () => {
    chmodSync(dataDir, 0o755); // run by root, the database is another user's
    await start();
  }, 120_000);

  afterAll(() => {
    const ended = npm.exitCode !== null || npm.signalCode !== null;
    if (!ended && npm.pid) process.kill(-npm.pid, 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('runs on the Node that npm installed, whichever Node started npm', () => {
    const commands = tree(npm.pid ?? 0).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const platform = commands.find((command) => command.includes('platform/src/main.js'))?.split('\0')[0];
    expect(execFileSync(platform ?? 'none', ['--version'], { encoding: 'utf8' })).toMatch(
      /^v(2[4-9]|[3-9]\d)/,
    );
  });

  it(`takes at most ${MAX_PSS_MB} MB with everything it started, npm included`, async () => {
    await eventually(
      () => {
        const kilobytes = tree(npm.pid ?? 0).reduce((total, pid) => total + pssOf(pid), 0);
        expect(kilobytes / 1024).toBeLessThan(MAX_PSS_MB);
      },
      { within: 60_000, every: 1_000 },
    );
  });

  it('stops in order on Ctrl-C, which reaches it from the terminal and again through npm', async () => {
    await endsInOrder(() => process.kill(-(npm.pid ?? 0), 'SIGINT'));
  });

  it('stops in order on a SIGTERM that reaches npm alone, as from a supervisor', async () => {
    await start();
    await endsInOrder(() => npm.kill('SIGTERM'));
  }, 120_000);

  async function start(): Promise<void> {
    said = '';
    port = await freePort();
    npm = spawn('npm', ['start'], {
      cwd: ROOT,
      detached: true, // a process group of its own, as a terminal makes one
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: systemPath(), HOME: process.env['HOME'], PORT: String(port), MONEYFLOW_DATA_DIR: dataDir },
    });
    for (const stream of [npm.stdout, npm.stderr]) {
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    await eventually(() => expect(said).toContain('MoneyFlow is ready'), { within: 90_000, every: 100 });
  }

  async function endsInOrder(signal: () => void): Promise<void> {
    const before = Date.now();
    const ended = new Promise((done) => npm.once('close', done)); // not before the last of them let go of stdout
    signal();
    await ended;
    expect(Date.now() - before).toBeLessThan(10_000);
    expect(said).toContain('Stopped. Everything acknowledged is on disk.');
    expect(said).not.toContain('Stopping at once');
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  }
});

/** Without the folder that `npm test` puts in front, which has our own Node. */
function systemPath(): string {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return path.filter((folder) => !folder.includes('node_modules')).join(delimiter);
}

function tree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(tree)];
}

/** Proportional set size: shared pages are split among those who share them. */
function pssOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
}
