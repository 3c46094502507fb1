import { spawn } from 'node:child_process';

const SCRIPT = `
const { monitorEventLoopDelay } = require('node:perf_hooks');
const delay = monitorEventLoopDelay({ resolution: 100 });
delay.enable();
setInterval(() => undefined, 100);
process.stdin.on('end', () => { process.stdout.write(String(delay.percentile(99) / 1e9)); process.exit(); }).resume();`;

/** A process that does nothing: how long the machine itself keeps one waiting, which no program can help. */
export function idleProcess(): { waitedP99: () => Promise<number> } {
  const child = spawn(process.execPath, ['-e', SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    waitedP99: async () => {
      child.stdin.end();
      await new Promise((resolve) => child.once('exit', resolve));
      return Math.max(0, Number(output) - 0.1);
    },
  };
}
