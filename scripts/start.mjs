// `npm start`: builds what changed, then becomes the platform. Plain JavaScript that any Node ≥20 can read, because
// nothing is built yet and the Node that runs it may not be the one that npm installed beside us.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIRED = 24;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

if (majorOf(process.versions.node) < REQUIRED) {
  const bundled = join(root, 'node_modules/.bin/node');
  if (!existsSync(bundled)) {
    fail(
      existsSync(join(root, 'node_modules'))
        ? `MoneyFlow runs on Node ≥${REQUIRED}; this is ${process.version}, and npm has no Node ${REQUIRED} for ` +
            `${process.platform}-${process.arch}.\nInstall Node ${REQUIRED} and run npm start again.`
        : 'The dependencies are not installed yet.\nRun npm ci, then npm start again.',
    );
  }
  become(bundled, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
} else {
  if (!existsSync(join(root, 'node_modules/@nestjs/core'))) {
    fail('The dependencies are not installed yet.\nRun npm ci, then npm start again.');
  }
  const { build } = await import('./build.mjs');
  try {
    const started = Date.now();
    const { compiled } = build();
    if (compiled > 0) console.log(`Built ${compiled} files in ${Date.now() - started} ms.`);
  } catch (error) {
    fail(error.message);
  }
  // Small machines run this: a young generation of 16 MB, and few pools of memory that threads leave half empty (glibc's).
  const main = join(root, 'dist/apps/platform/src/main.js');
  become(process.execPath, ['--max-semi-space-size=16', main, ...process.argv.slice(2)], {
    MALLOC_ARENA_MAX: '2',
    ...process.env,
  });
}

/** Replaces this process where Node can (signals, exit code and memory are then the program's own); else stands in for it. */
function become(command, args, env = process.env) {
  if (process.execve && process.platform !== 'win32') {
    process.execve(command, [command, ...args], env);
  }
  const child = spawn(command, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}
