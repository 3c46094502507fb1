import type { RejectedEvent } from './api';
import { allowed } from './consent';
import { read, write } from './memory';
import { notify } from './notices';
import * as queue from './queue';
import { options } from './settings';
import { idOf, Row } from './store';
import { backoff, failed, failures, forgetFailures, until, waitMs } from './waiting';
import { beacon, pack, PLAIN_BYTES, request, sizeOf } from './wire';

const FULL_BATCH = 10;
const BATCH_WAIT_MS = 5_000;
/** What has piled up goes in larger ones; the collector takes 100. */
const MAX_EVENTS = 100;
/** As JSON; the collector takes 1 MiB. */
const MAX_BYTES = 300_000;
/** Browsers let 64 KiB of a page's keepalive requests be under way. One uses less than half, so that leaving has the rest. */
const KEEPALIVE_BYTES = 64_000;
const TIMEOUT_MS = 30_000;
/** Nobody hears the answer to what a leaving page sent: others wait so long before they send it again. */
const UNHEARD_MS = 30_000;
/** The collector did not take this one now, but may later. */
const TRANSIENT = /unavailable|_full$|timeout|rate_limited|internal/;
const MAX_TRIES = 10;
/** The body as a whole is refused: a smaller one may pass. */
const REFUSED = [400, 413, 422];
/** Because of what some event in it says; every other refusal is of the request, the key or the address, and deletes nothing. */
const SPOILT =
  /^(malformed_(json|utf8|encoding)|too_(deep|many_parts)|duplicate_key|forbidden_|number_)|_too_large$/;

let limit = MAX_EVENTS;
let running: Promise<void> | undefined;
/** Also what would wait for more. */
let everything = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let timerAt = 0;
export let paused = false;
/** The page has left, and its rows are others' to send. */
let left = false;
let token: string | null | undefined;
/** On their way, and how many bytes of them outlive the page. */
let flying: Row[] = [];
let flyingBytes = 0;
let abort = new AbortController();

interface Answer {
  rejected?: { index: number; code: string; message: string }[];
  duplicates?: number;
  code?: string;
  detail?: string;
}

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
  if (!mayTry() || waitMs() > 0 || (options.getToken && !token && !options.writeKey)) return;
  let room = KEEPALIVE_BYTES - flyingBytes;
  let most = MAX_EVENTS;
  while (most >= 1) {
    const going = next(Math.floor(most));
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
    const going = next(limit);
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
  let body: Answer = {};
  try {
    if (options.getToken)
      token = await Promise.race([
        options.getToken(),
        new Promise<never>((_, reject) => (signal.onabort = reject)),
      ]);
    if (options.getToken && !token && !options.writeKey) return false; // nobody is signed in: it waits
    if (!going.every(isOfUser)) return true; // somebody else signed in meanwhile
    const packed = pack(going);
    const bytes = sizeOf(packed);
    // What failed goes as a plain request: others on the page may have used up what may outlive it.
    if (!failures && bytes <= PLAIN_BYTES) flyingBytes = bytes;
    notify({ kind: 'sending', eventIds: going.map(idOf), bytes, unloading: false });
    const response = await request(packed, flyingBytes > 0, token, signal);
    status = response.status;
    retryAfter = response.headers.get('retry-after');
    const told = ((await response.json()) || {}) as Answer;
    (told.rejected || []).map(({ index }) => index); // throws where an answer of somebody else's has anything else there
    body = told;
  } catch {
    // no network, or nothing that the collector says: what it was worth is seen below
  } finally {
    clearTimeout(giveUp);
  }
  if (!allowed()) return false;
  // Only the collector's own words count: the sign-in page of a hotel's network says 200, too, and a proxy 413.
  if (status === 202 && body.rejected) return answered(going, status, body);
  if (REFUSED.indexOf(status) >= 0) {
    limit = Math.max(going.length >> 1, 1);
    const { code = '', detail: message = '' } = body;
    if (SPOILT.test(code))
      // By halves, until the one that spoils the batch is alone: that one goes.
      return going.length > 1 || answered(going, status, { rejected: [{ index: 0, code, message }] });
  }
  const retryInMs = failed(retryAfter);
  notify({ kind: 'failed', status, retryInMs });
  schedule(retryInMs);
  return false;
}

function answered(going: Row[], status: number, body: Answer): boolean {
  forgetFailures();
  limit = Math.min(limit * 2, MAX_EVENTS);
  const accepted = new Set(going);
  const again: Row[] = [];
  const rejected: RejectedEvent[] = [];
  for (const { index, code, message } of body.rejected || []) {
    const row = going[index];
    if (!row) continue;
    accepted.delete(row);
    if (TRANSIENT.test(code) && ++row.tries < MAX_TRIES) {
      row.due = Date.now() + backoff(row.tries);
      again.push(row);
    } else rejected.push({ eventId: idOf(row), code, message });
  }
  queue.remove(going.filter((row) => again.indexOf(row) < 0));
  queue.keep(again);
  notify({
    kind: 'answered',
    status,
    accepted: Array.from(accepted, idOf),
    rejected,
    duplicates: body.duplicates || 0,
  });
  return true;
}

function mayTry(): boolean {
  if (!allowed()) stop();
  return !paused && !left && navigator.onLine !== false && queue.rows.length > 0;
}

/** A token's user is whom the collector counts it for: what was somebody else's waits for that one. */
function isOfUser(row: Row): boolean {
  return !options.getToken || !row.user || row.user === read('user');
}

/** The oldest that are due, at most `most` and as many as fit; one that is larger than that goes alone. */
function next(most: number): Row[] {
  const going: Row[] = [];
  let bytes = 0;
  for (const row of queue.rows) {
    if (until(row.due) > 0 || flying.indexOf(row) >= 0 || !isOfUser(row)) continue;
    bytes += row.json.length;
    if (going.length && (going.length >= most || bytes > MAX_BYTES)) break;
    going.push(row);
  }
  return going;
}

function schedule(ms: number): void {
  const at = Date.now() + ms;
  if (timer && timerAt <= at) return;
  clearTimeout(timer);
  timerAt = at;
  timer = setTimeout(() => void drain(), ms);
}
