import { Worker } from 'node:worker_threads';
import { EventBody, Reception } from '../../application/delivery';
import { JudgedEvents } from '../../application/event-judge';
import { Job, Told } from './judge-protocol';

interface Asked {
  bytes: number;
  answer: (judged: JudgedEvents | undefined) => void;
}

/** One thread that judges, as the others see it. What it is given while it ends, or fails, it answers with nothing. */
export class JudgeThread {
  /** Bytes it was given and has not judged. */
  load = 0;
  ready = false;
  private readonly asked = new Map<number, Asked>();
  private jobs: Job[] = [];
  private lastId = 0;
  private ending = false;

  /** @param ended called once, with the error where it did not end by `end()` */
  constructor(
    private readonly worker: Worker,
    ended: (error?: Error) => void,
  ) {
    let failure: Error | undefined;
    worker.on('message', (told: Told) => this.hear(told));
    worker.on('error', (error: Error) => (failure = error));
    worker.on('exit', (code) => {
      this.ready = false;
      for (const { answer } of this.asked.values()) answer(undefined);
      this.asked.clear();
      ended(this.ending ? undefined : (failure ?? new Error(`it ended with ${code}`)));
    });
    worker.unref();
  }

  judge(reception: Reception, { bytes, ...form }: EventBody): Promise<JudgedEvents | undefined> {
    if (!this.ready) return Promise.resolve(undefined);
    // a copy: small bodies share their memory with others, and whoever asks may have to judge it
    const body = { ...form, bytes: new Uint8Array(bytes) };
    const id = ++this.lastId;
    // what comes in one turn of the event loop travels together
    if (this.jobs.length === 0) setImmediate(() => this.send());
    this.jobs.push({ id, reception, body });
    this.load += bytes.length;
    return new Promise((answer) => this.asked.set(id, { bytes: bytes.length, answer }));
  }

  async end(): Promise<void> {
    this.ready = false;
    this.ending = true;
    await this.worker.terminate();
  }

  private send(): void {
    const jobs = this.jobs;
    this.jobs = [];
    this.worker.postMessage(
      jobs,
      jobs.map(({ body }) => body.bytes.buffer as ArrayBuffer),
    );
  }

  private hear(told: Told): void {
    if (told === 'ready') {
      this.ready = true;
      return;
    }
    for (const { id, judged } of told) {
      const asked = this.asked.get(id);
      if (!asked) continue;
      this.asked.delete(id);
      this.load -= asked.bytes;
      asked.answer(judged);
    }
  }
}
