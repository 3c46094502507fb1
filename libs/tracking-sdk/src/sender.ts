import type { Notice, RejectedEvent } from './api';
import { allowed } from './consent';
import { read } from './memory';
import * as queue from './queue';
import { options } from './settings';
import { Row } from './store';
import { backoff, failed, failures, forgetWait, succeeded, waitMs } from './waiting';
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
/** The body as a whole is refused: some event in it makes it so. */
const REFUSED = [400, 413, 422];

let limit = MAX_EVENTS;
let running: Promise<void> | undefined;
/** Also what would wait for more. */
let everything = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let timerAt = 0;
let paused = false;
/** The page has left, and its rows are others' to send. */
let left = false;
let token: string | null | undefined;
/** On their way, and how many bytes of them outlive the page. */
let flying: Row[] = [];
let flyingBytes = 0;

interface Answer {
  status: number;
  retryAfter: string | null;
  body: {
    rejected?: { index: number; code: string; message: string }[];
    duplicates?: number;
    code?: string;
    detail?: string;
  };
}

export const idOf = (row: Row): string => row.key.split('/')[1]!;

export function notify(notice: Notice): void {
  try {
    if (options.onNotice) options.onNotice(notice);
  } catch (error) {
    console.error(error); // the page's own mistake, and none of the queue's
  }
}

/** A row came: ten go at once, fewer in five seconds. */
export function wake(): void {
  schedule(queue.rows.length - flying.length >= FULL_BATCH ? 0 : BATCH_WAIT_MS);
}

export function pause(on: boolean): void {
  paused = on;
  if (!on) schedule(0);
}

export const isPaused = (): boolean => paused;

/** The network came back. */
export function online(): void {
  forgetWait();
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
      const due = queue.rows.reduce((least, row) => Math.min(least, row.due), Infinity);
      if (queue.rows.length) schedule(Math.max(due - Date.now(), BATCH_WAIT_MS));
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
  const abort = new AbortController();
  const giveUp = setTimeout(() => abort.abort(), TIMEOUT_MS);
  let answer: Answer = { status: 0, retryAfter: null, body: {} };
  try {
    if (options.getToken) token = await options.getToken();
    if (options.getToken && !token && !options.writeKey) return false; // nobody is signed in: it waits
    if (!going.every(isOfUser)) return true; // somebody else signed in meanwhile
    const body = pack(going);
    const bytes = sizeOf(body);
    // What failed goes as a plain request: others on the page may have used up what may outlive it.
    if (!failures && bytes <= PLAIN_BYTES) flyingBytes = bytes;
    notify({ kind: 'sending', eventIds: going.map(idOf), bytes, unloading: false });
    const response = await request(body, flyingBytes > 0, token, abort.signal);
    answer = { status: response.status, retryAfter: response.headers.get('retry-after'), body: {} };
    answer.body = (await response.json()) as Answer['body'];
  } catch {
    // no network, or no JSON: what it was worth is seen below
  } finally {
    clearTimeout(giveUp);
  }
  // Only the collector's own words count: the sign-in page of a hotel's network says 200, too, and a proxy 413.
  if (answer.status === 202 && answer.body.rejected) return accepted(going, answer);
  if (REFUSED.indexOf(answer.status) >= 0 && answer.body.code) return refused(going, answer);
  const retryInMs = failed(answer.retryAfter);
  notify({ kind: 'failed', status: answer.status, retryInMs });
  schedule(retryInMs);
  return false;
}

function accepted(going: Row[], { status, body }: Answer): boolean {
  succeeded();
  limit = Math.min(limit * 2, MAX_EVENTS);
  const again: Row[] = [];
  const rejected: RejectedEvent[] = [];
  for (const { index, code, message } of body.rejected || []) {
    const row = going[index];
    if (!row) continue;
    if (TRANSIENT.test(code) && ++row.tries < MAX_TRIES) {
      row.due = Date.now() + backoff(row.tries);
      again.push(row);
    } else rejected.push({ eventId: idOf(row), code, message });
  }
  const gone = going.filter((row) => again.indexOf(row) < 0);
  queue.remove(gone);
  queue.keep(again);
  const refusedIds = rejected.map(({ eventId }) => eventId);
  const ids = gone.map(idOf).filter((id) => refusedIds.indexOf(id) < 0);
  notify({ kind: 'answered', status, accepted: ids, rejected, duplicates: body.duplicates || 0 });
  return true;
}

/** Halves the batch until the one that spoils it is alone, and lets that one go. */
function refused(going: Row[], { status, body }: Answer): boolean {
  limit = Math.max(going.length >> 1, 1);
  if (going.length > 1) return true;
  queue.remove(going);
  const rejected = [{ eventId: idOf(going[0]!), code: body.code || 'refused', message: body.detail || '' }];
  notify({ kind: 'answered', status, accepted: [], rejected, duplicates: 0 });
  return true;
}

function mayTry(): boolean {
  if (!allowed()) queue.clear();
  return !paused && !left && navigator.onLine !== false && queue.rows.length > 0;
}

/** A token's user is whom the collector counts it for: what was somebody else's waits for that one. */
function isOfUser(row: Row): boolean {
  return !options.getToken || !row.user || row.user === read('user');
}

/** The oldest that are due, at most `most` and as many as fit; one that is larger than that goes alone. */
function next(most: number): Row[] {
  const now = Date.now();
  const going: Row[] = [];
  let bytes = 0;
  for (const row of queue.rows) {
    if (row.due > now || flying.indexOf(row) >= 0 || !isOfUser(row)) continue;
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
