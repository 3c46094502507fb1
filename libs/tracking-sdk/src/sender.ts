import type { Notice, RejectedEvent } from './api';
import { allowed } from './consent';
import { deflate } from './deflate';
import { read, write } from './memory';
import * as queue from './queue';
import { options, url } from './settings';
import { Row } from './store';

const FULL_BATCH = 10;
const BATCH_WAIT_MS = 5_000;
/** What has piled up goes in larger ones; the collector takes 100. */
const MAX_EVENTS = 100;
/** As JSON; the collector takes 1 MiB. */
const MAX_BYTES = 300_000;
/** Browsers let 64 KiB of a page's keepalive requests be under way. One uses less than half, so that leaving has the rest. */
const KEEPALIVE_BYTES = 64_000;
const PLAIN_BYTES = 30_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const MAX_TOLD_MS = 3_600_000;
const TIMEOUT_MS = 30_000;
/** Nobody hears the answer to what a leaving page sent: others wait so long before they send it again. */
const UNHEARD_MS = 30_000;
/** The collector did not take this one now, but may later. */
const TRANSIENT = /unavailable|_full$|timeout|rate_limited|internal/;
const MAX_TRIES = 10;
/** The body as a whole is refused: some event in it makes it so. */
const REFUSED = [400, 413, 422];
const TEXT = 'text/plain;charset=UTF-8';

let limit = MAX_EVENTS;
let failures = 0;
let notBefore = 0;
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

type Body = string | Uint8Array<ArrayBuffer>;

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

/** The network came back: what failed without an answer need not wait any longer. */
export function online(): void {
  notBefore = 0;
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
    if ('keepalive' in Request.prototype) request(body, true).catch(() => beacon(body));
    else beacon(body);
    unheard(going);
  }
}

function unheard(sent: Row[]): void {
  sent.forEach((row) => (row.due = Date.now() + UNHEARD_MS));
  queue.keep(sent);
}

function beacon(body: Body): void {
  // It cannot carry a token.
  if (options.writeKey && navigator.sendBeacon)
    navigator.sendBeacon(target(), new Blob([body], { type: TEXT }));
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
    const response = await request(body, flyingBytes > 0, abort.signal);
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
  return failed(answer);
}

function accepted(going: Row[], { status, body }: Answer): boolean {
  failures = 0;
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

function failed({ status, retryAfter }: Answer): boolean {
  const told = retryAfter ? Number(retryAfter) * 1_000 || Date.parse(retryAfter) - Date.now() : 0;
  let wait = backoff(++failures);
  if (told > 0) {
    wait = Math.min(told, MAX_TOLD_MS) + Math.random() * FIRST_RETRY_MS;
    // for all tabs, and for the page that comes after this one
    write('wait', String(Date.now() + wait));
  } else notBefore = Date.now() + wait;
  notify({ kind: 'failed', status, retryInMs: Math.round(wait) });
  schedule(wait);
  return false;
}

/** 1, 2, 4 … 60 s and up to a quarter more, so that a thousand pages do not come back in the same moment. */
function backoff(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), MAX_RETRY_MS) * (1 + Math.random() / 4);
}

function waitMs(): number {
  const told = Number(read('wait') || 0) - Date.now();
  // a clock that was put back must not make it wait for days
  return Math.max(notBefore - Date.now(), told > MAX_TOLD_MS * 2 ? 0 : told);
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

const sizeOf = (body: Body): number => new Blob([body]).size;

/** Much of it is compressed, without a header that says so: it would cost a preflight. No JSON begins as zlib does. */
function pack(going: Row[]): Body {
  const json = `{"events":[${going.map((row) => row.json).join()}],"sent_at":"${new Date().toISOString()}"}`;
  return json.length > PLAIN_BYTES ? deflate(json) : json;
}

/** A write key travels in the address and the body as text: no preflight, and sendBeacon can do the same. */
const target = (): string => (options.writeKey ? `${url}?key=${encodeURIComponent(options.writeKey)}` : url);

function request(body: Body, keepalive: boolean, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = token
    ? { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    : { 'content-type': TEXT };
  return fetch(token ? url : target(), {
    method: 'POST',
    body,
    headers,
    keepalive,
    signal,
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
  });
}

function schedule(ms: number): void {
  const at = Date.now() + ms;
  if (timer && timerAt <= at) return;
  clearTimeout(timer);
  timerAt = at;
  timer = setTimeout(() => void drain(), ms);
}
