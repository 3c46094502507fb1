import { Worker } from 'node:worker_threads';
import { Readiness } from '@libs/http';
import { BackgroundSettings } from './background-applications';
import { BackgroundThread } from './background-thread';

const threads: Worker[] = [];

/** A thread that starts, closes and answers nothing else, instead of the compiled one. */
jest.mock('node:worker_threads', () => {
  const actual = jest.requireActual<typeof import('node:worker_threads')>('node:worker_threads');
  const code = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, question }) => {
      if (question === 'close') parentPort.postMessage({ kind: 'answer', id });
    });
    parentPort.postMessage({ kind: 'started' });`;
  class Silent extends actual.Worker {
    constructor() {
      super(code, { eval: true });
      threads.push(this);
    }
  }
  return { ...actual, Worker: Silent };
});

const start = () => BackgroundThread.start({} as BackgroundSettings, 'silent');
/** As the platform asks, and every look at its readiness. */
const ask = (thread: BackgroundThread) => thread.tellReadinessTo(new Readiness(100));

describe('what is asked of a background thread that has gone', () => {
  it('is refused, whether asked before or after it was closed', async () => {
    const thread = await start();
    const before = expect(ask(thread)).rejects.toThrow('the background thread ended');
    await thread.close();
    await before;
    await expect(ask(thread)).rejects.toThrow('the background thread ended');
  }, 5_000);

  it('is refused when it ends unasked, which ends the process as well', async () => {
    const thread = await start();
    const before = expect(ask(thread)).rejects.toThrow('the background thread ended');
    expect(() => threads.at(-1)?.emit('exit', 7)).toThrow('the background thread ended with 7');
    await before;
    await expect(ask(thread)).rejects.toThrow('the background thread ended');
    threads.at(-1)?.removeAllListeners('exit');
    await threads.at(-1)?.terminate();
  }, 5_000);
});
