import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { eventsOf, Mix } from './event-mix';
import { StampedRequest } from './stamped-request';

/** What a run measured; latencies in milliseconds. */
export interface EventLoad {
  eventsPerSecond: number;
  /** All that were sent and answered 202, the warm-up included. */
  accepted: number;
  p50: number;
  p95: number;
  p99: number;
  errors: number;
}

export interface EventLoadOptions {
  url: string;
  path: string;
  headers?: Record<string, string>;
  batch: number;
  connections: number;
  seconds: number;
  mix?: Mix;
}

/** The collector starts threads where it goes on for three seconds. */
const WARM_UP_SECONDS = 6;

/**
 * Loads an ingestion route on loopback over kept connections, each sending its next request when the last was answered.
 * autocannon would send the same bytes again and again; here every event is one that nobody has seen.
 */
export async function eventLoad(options: EventLoadOptions): Promise<EventLoad> {
  const warmUp = await run({ ...options, seconds: WARM_UP_SECONDS });
  const measured = await run(options);
  return { ...measured, accepted: warmUp.accepted + measured.accepted };
}

async function run(options: EventLoadOptions): Promise<EventLoad> {
  const until = performance.now() + options.seconds * 1_000;
  const started = performance.now();
  const runs = await Promise.all(
    Array.from({ length: options.connections }, (_, browser) => oneBrowser(options, browser, until)),
  );
  const seconds = (performance.now() - started) / 1_000;
  const waits = runs.flatMap(({ waits }) => waits).sort((one, other) => one - other);
  const percentile = (share: number): number => Math.round(waits[Math.floor(waits.length * share)] ?? 0);
  return {
    eventsPerSecond: (waits.length * options.batch) / seconds,
    accepted: waits.length * options.batch,
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
    errors: runs.reduce((sum, { errors }) => sum + errors, 0),
  };
}

let serial = Math.floor(Math.random() * 2 ** 31);

async function oneBrowser(
  { url, path, headers = {}, batch, mix = 'believable' }: EventLoadOptions,
  browser: number,
  until: number,
): Promise<{ waits: number[]; errors: number }> {
  const { hostname, port } = new URL(url);
  const events = eventsOf(mix, batch, browser);
  const body = JSON.stringify(batch === 1 ? events[0] : { events });
  const request = new StampedRequest({ host: `${hostname}:${port}`, path, headers }, body);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const waits: number[] = [];
  let errors = 0;
  while (performance.now() < until) {
    const sent = performance.now();
    socket.write(request.stamped(serial));
    serial = (serial + request.events) >>> 0;
    if (accepted(await answer(socket))) waits.push(performance.now() - sent);
    else errors += 1;
  }
  socket.destroy();
  return { waits, errors };
}

/** One whole answer; ours have a length and come in one piece or two. */
function answer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const settle = (error?: Error): void => {
      socket.off('data', take).off('error', settle).off('close', settle);
      if (error || text === '') reject(error ?? new Error('the server hung up'));
      else resolve(text);
    };
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      if (end >= 0 && text.length >= end + 4 + Number(length ?? 0)) settle();
    };
    socket.on('data', take).once('error', settle).once('close', settle);
  });
}

/** Wholly: an answer that names a rejected event is a mistake of this generator. */
function accepted(text: string): boolean {
  if (!text.startsWith('HTTP/1.1 202')) return false;
  return !text.includes('"rejected":[{');
}
