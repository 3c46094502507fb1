import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ConfigError } from '@libs/config';
import { addMetrics, Readiness } from '@libs/http';
import { LoggingSettings, writeForwarded } from '@libs/logging';
import { BackgroundSettings } from './background-applications';
import { Answers, Asked, BackgroundStart, Question, Told } from './background-protocol';

const CLOSE_TIMEOUT_MS = 3_000;

/**
 * The applications that only consume, on a thread of their own: what they do with a backlog takes no time from those
 * who wait for an answer. They share the process with the rest: a kill ends both, and an error that nobody caught, too.
 */
export class BackgroundThread {
  private readonly asked = new Map<
    number,
    { answer: (value: never) => void; refuse: (error: Error) => void }
  >();
  private lastId = 0;
  private closing = false;
  private ended?: Error;

  private constructor(private readonly worker: Worker) {
    worker.on('error', (error) => {
      throw error;
    });
    worker.on('exit', (code) => {
      this.ended = new Error(`the background thread ended with ${code}`);
      for (const { refuse } of this.asked.values()) refuse(this.ended);
      this.asked.clear();
      if (!this.closing) throw this.ended;
    });
  }

  /** Resolves once the applications consume. @throws Error what kept one of them from starting */
  static async start(
    settings: BackgroundSettings,
    level: LoggingSettings['level'],
  ): Promise<BackgroundThread> {
    const workerData: BackgroundStart = { settings, level };
    const thread = new BackgroundThread(new Worker(join(__dirname, 'background-main.js'), { workerData }));
    await new Promise<void>((resolve, reject) => {
      thread.worker.on('message', (told: Told) => thread.hear(told, resolve, reject));
    });
    addMetrics(() => thread.ask('metrics'));
    return thread;
  }

  /** Adds each application's dependencies to `readiness`: `events sink: database`. */
  async tellReadinessTo(readiness: Readiness): Promise<void> {
    for (const [name, { dependencies }] of Object.entries(await this.ask('readiness')))
      for (const dependency of Object.keys(dependencies))
        readiness.add(`${name}: ${dependency}`, async () => {
          const reports = await this.ask('readiness');
          if (reports[name]?.dependencies[dependency] !== 'up') throw new Error(`${dependency} is away`);
        });
  }

  /** Consumers stopped, what is under way committed or given back; a thread that does not answer is ended. */
  async close(): Promise<void> {
    this.closing = true;
    const timer = setTimeout(() => void this.worker.terminate(), CLOSE_TIMEOUT_MS);
    try {
      await this.ask('close');
    } finally {
      clearTimeout(timer);
      await this.worker.terminate();
    }
  }

  private async ask<Q extends Question>(question: Q): Promise<Answers[Q]> {
    if (this.ended) throw this.ended;
    const id = ++this.lastId;
    return new Promise<Answers[Q]>((answer, refuse) => {
      this.asked.set(id, { answer, refuse });
      this.worker.postMessage({ id, question } satisfies Asked);
    });
  }

  private hear(told: Told, started: () => void, failed: (error: Error) => void): void {
    if (told.kind === 'line') return writeForwarded(told.line, told.urgent);
    if (told.kind === 'started') return started();
    if (told.kind === 'failed') {
      this.closing = true;
      void this.worker.terminate();
      return failed(told.problems ? new ConfigError(told.problems) : told.error);
    }
    const asked = this.asked.get(told.id);
    this.asked.delete(told.id);
    if (told.kind === 'answer') asked?.answer(told.answer as never);
    else asked?.refuse(told.error);
  }
}
