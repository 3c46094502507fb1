import { Answer, limit, settled } from './answer';
import { allowed } from './consent';
import { read, write } from './memory';
import { notify } from './notices';
import { MAX_EVENTS, next } from './picking';
import * as queue from './queue';
import { options } from './settings';
import { idOf, Row } from './store';
import { failed, failures, forgetFailures, until, waitMs } from './waiting';
import { beacon, pack, PLAIN_BYTES, request, sizeOf, Token } from './wire';

const FULL_BATCH = 10;
const BATCH_WAIT_MS = 5_000;
/** Browsers let 64 KiB of a page's keepalive requests be under way. One uses less than half, so that leaving has the rest. */
const KEEPALIVE_BYTES = 64_000;
const TIMEOUT_MS = 30_000;
/** Nobody hears the answer to what a leaving page sent: others wait so long before they send it again. */
const UNHEARD_MS = 30_000;

let running: Promise<void> | undefined;
/** Also what would wait for more. */
let everything = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let timerAt = 0;
export let paused = false;
/** The page has left, and its rows are others' to send. */
let left = false;
let token: Token;
/** Who was signed in when it was asked for. */
let tokenOf: string | undefined;
/** On their way, and how many bytes of them outlive the page. */
let flying: Row[] = [];
let flyingBytes = 0;
let abort = new AbortController();

/** A row came: ten go at once, fewer in five seconds. */
export function wake(): void {
  schedule(queue.rows.length - flying.length >= FULL_BATCH ? 0 : BATCH_WAIT_MS);
}

export function pause(on: boolean): void {
  paused = on;
  if (!on) schedule(0);
}

/** The network came back. */
export function online(): void {
  forgetFailures();
  schedule(0);
}

/** Sends what waits without waiting for more. */
export function flush(): Promise<void> {
  everything = true;
  return drain();
}

/** Sends while ten are there, until something fails. One at a time. */
function drain(): Promise<void> {
  if (!running)
    running = sendAll().then(() => {
      running = undefined;
      everything = false;
      const waits = queue.rows.map((row) => until(row.due));
      if (waits.length) schedule(Math.max(Math.min(...waits), BATCH_WAIT_MS));
    });
  return running;
}

/** From here on nothing is sent by this page, even if it lives on for a moment, unless it is shown again. */
export function leave(): void {
  sendLast();
  left = true;
}

export function comeBack(): void {
  left = false;
}

/** Somebody said no: what waits is deleted, and what is under way is called back. */
export function stop(): void {
  queue.clear();
  abort.abort();
  write('wait');
  write('alive');
}

/** Everything goes now, as far as the browser lets it; what does not stays in the store. */
function sendLast(): void {
  // A plain request ends with the page, and what it carries goes again; nobody is asked for a token any more.
  if (flyingBytes) unheard(flying);
  else flying = [];
  if (tokenOf !== read('user')) token = undefined;
  if (!mayTry() || waitMs() > 0 || (options.getToken && !token && !options.writeKey)) return;
  let room = KEEPALIVE_BYTES - flyingBytes;
  let most = MAX_EVENTS;
  while (most >= 1) {
    const going = next(Math.floor(most), flying);
    if (!going.length) return;
    const body = pack(going);
    const bytes = sizeOf(body);
    if (bytes > room) {
      most /= 2;
      continue;
    }
    room -= bytes;
    notify({ kind: 'sending', eventIds: going.map(idOf), bytes, unloading: true });
    if ('keepalive' in Request.prototype) request(body, true, token).catch(() => beacon(body));
    else beacon(body);
    unheard(going);
  }
}

function unheard(sent: Row[]): void {
  sent.forEach((row) => (row.due = Date.now() + UNHEARD_MS));
  queue.keep(sent);
}

async function sendAll(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  for (;;) {
    const wait = waitMs();
    if (wait > 0) return schedule(wait);
    if (!mayTry()) return;
    const going = next(limit, flying);
    if (!going.length) return;
    flying = going;
    const done = await send(going);
    flying = [];
    flyingBytes = 0;
    if (!done || (queue.rows.length < FULL_BATCH && !everything)) return;
  }
}

/** @returns whether it may go on at once */
async function send(going: Row[]): Promise<boolean> {
  const { signal } = (abort = new AbortController());
  const giveUp = setTimeout(() => abort.abort(), TIMEOUT_MS);
  let status = 0;
  let retryAfter: string | null = null;
  try {
    tokenOf = read('user');
    if (options.getToken)
      token = await Promise.race([
        options.getToken(),
        new Promise<never>((_, reject) => (signal.onabort = reject)),
      ]);
    if (options.getToken && !token && !options.writeKey) return false; // nobody is signed in: it waits
    if (tokenOf !== read('user')) return true; // somebody else signed in meanwhile
    const packed = pack(going);
    const bytes = sizeOf(packed);
    // What failed goes as a plain request: others on the page may have used up what may outlive it.
    if (!failures && bytes <= PLAIN_BYTES) flyingBytes = bytes;
    notify({ kind: 'sending', eventIds: going.map(idOf), bytes, unloading: false });
    const response = await request(packed, flyingBytes > 0, token, signal);
    status = response.status;
    retryAfter = response.headers.get('retry-after');
    const body = (await response.json().catch(() => null)) as Answer | null;
    if (allowed() && settled(going, status, body || {})) return true;
  } catch {
    // no network, or an answer that the collector does not give
  } finally {
    clearTimeout(giveUp);
  }
  if (!allowed()) return false;
  const retryInMs = failed(retryAfter);
  notify({ kind: 'failed', status, retryInMs });
  schedule(retryInMs);
  return false;
}

function mayTry(): boolean {
  if (!allowed()) stop();
  return !paused && !left && navigator.onLine !== false && queue.rows.length > 0;
}

function schedule(ms: number): void {
  const at = Date.now() + ms;
  if (timer && timerAt <= at) return;
  clearTimeout(timer);
  timerAt = at;
  timer = setTimeout(() => {
    timer = undefined; // also where it fires while something is under way
    void drain();
  }, ms);
}
