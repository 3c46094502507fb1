// `npm run dev`: the platform, rebuilt and restarted whenever a source changes.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watch } from 'chokidar';
import { build } from './build.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const main = join(root, 'dist/apps/platform/src/main.js');
const QUIET_MS = 150; // an editor saves in bursts, a branch switch touches hundreds

let running;
let stopping = false;
let pending;
let turning = Promise.resolve();

watch(
  ['apps', 'libs'].map((folder) => join(root, folder)),
  { ignoreInitial: true },
).on('all', (_event, path) => {
  if (!path.endsWith('.ts') || path.endsWith('.spec.ts')) return;
  clearTimeout(pending);
  pending = setTimeout(turn, QUIET_MS);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, quit);
turn();

/** One rebuild and restart after another, never two at once. */
function turn() {
  turning = turning.then(rebuildAndRestart);
}

async function rebuildAndRestart() {
  if (stopping) return;
  try {
    const { compiled, removed } = build();
    if (running && compiled + removed === 0) return;
  } catch (error) {
    console.error(error.message); // the last good version stays up until it compiles again
    return;
  }
  await stop();
  if (stopping) return;
  running = spawn(process.execPath, ['--enable-source-maps', main], { stdio: 'inherit' });
  const current = running;
  running.on('exit', () => {
    if (running === current) running = undefined;
  });
}

function stop() {
  const child = running;
  if (!child) return Promise.resolve();
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return gone;
}

async function quit() {
  stopping = true;
  await turning;
  await stop();
  process.exit(0);
}
