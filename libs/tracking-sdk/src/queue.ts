import { allowed } from './consent';
import { uuid } from './identity';
import { read, write } from './memory';
import { notify } from './notices';
import { prefix } from './settings';
import { idOf, openStore, ownerOf, Row, Store, wipe } from './store';

const MAX_ROWS = 5_000;
/** Of JSON: what localStorage has room for. */
const MAX_CHARS = 4_000_000;
/** Without Web Locks nobody can tell whether the tab of a row still lives; one that does would have sent it by then. */
const ABANDONED_MS = 10 * 60_000;

/**
 * Rows that this tab may send: its own, and those of tabs that are gone. A tab holds the Web Lock of its name for as long
 * as it lives, so whoever gets the lock of another owner may take that one's rows, and nobody else can.
 */
export let rows: Row[] = [];
export let kind: Store['kind'] = 'memory';

let me = '';
let store: Promise<Store> | undefined;
let mine = new Set<string>();
let letGo: (() => void)[] = [];
let adopting = Promise.resolve(0);

const locks = (): LockManager | undefined => navigator.locks;

/** Opened when it is first needed: without consent, nothing of it is on the device. */
function open(): Promise<Store> {
  if (!store) {
    me = uuid();
    const opening = openStore();
    // Nothing is stored before the lock is held: it would look abandoned.
    store = hold(me).then(() => opening);
    void store.then((opened) => {
      kind = opened.kind;
    });
  }
  return store;
}

/** The page comes back from the browser's cache: what it had is others' now, or taken over anew. */
export function closeQueue(): void {
  rows = [];
  mine = new Set();
  store = undefined;
}

export function add(id: string, row: Pick<Row, 'json' | 'user'>): void {
  void open();
  const added = { ...row, key: `${me}/${id}`, at: Date.now(), due: 0, tries: 0 };
  rows.push(added);
  keep([added]);
  trim();
}

/** The oldest go, where more wait than may. */
function trim(): void {
  let from = rows.length;
  let room = MAX_CHARS;
  while (from && rows.length - from < MAX_ROWS && (room -= rows[from - 1]!.json.length) >= 0) from--;
  const gone = rows.slice(0, from);
  remove(gone);
  gone.forEach((row) => notify({ kind: 'dropped', eventId: idOf(row), code: 'queue_full' }));
}

/** What left the queue meanwhile does not come back. */
export function keep(changed: Row[]): void {
  const kept = changed.filter((row) => rows.indexOf(row) >= 0);
  void open().then((opened) => allowed() && opened.put(kept));
}

export function remove(gone: Row[]): void {
  if (!gone.length) return;
  rows = rows.filter((row) => gone.indexOf(row) < 0);
  void open().then((opened) => opened.remove(gone.map((row) => row.key)));
}

export function clear(): void {
  rows = [];
  store = undefined;
  wipe();
}

/** Takes over what tabs that are gone left behind, one time after the other. @returns how many rows came */
export function adopt(): Promise<number> {
  return (adopting = adopting.then(takeOver, takeOver));
}

async function takeOver(): Promise<number> {
  const opened = await open();
  if (!locks()) sayAlive();
  const owners = new Set((await opened.all()).map(ownerOf));
  for (const owner of owners) if (!mine.has(owner)) await hold(owner);
  const known = new Set(rows.map((row) => row.key));
  // Read anew: until its lock was ours, the owner may have sent some.
  const found = (await opened.all())
    .filter((row) => ownerOf(row) !== me && isOurs(row) && !known.has(row.key) && known.add(row.key))
    .sort((one, other) => one.at - other.at);
  if (!allowed()) return 0; // somebody said no meanwhile
  rows = found.concat(rows);
  trim();
  return found.length;
}

/** The page leaves: the locks go now, not when the browser gets to it, and so it may be cached. */
export function abandon(): void {
  letGo.forEach((release) => release());
  letGo = [];
}

function isOurs(row: Row): boolean {
  const owner = ownerOf(row);
  return locks() ? mine.has(owner) : isOld(row.at) && isOld(living()[owner] || 0);
}

const isOld = (at: number): boolean => Math.abs(Date.now() - at) > ABANDONED_MS;

/** Where the browser has no locks, each tab says once a minute that it lives. */
function living(): Record<string, number> {
  try {
    return (JSON.parse(read('alive')!) || {}) as Record<string, number>;
  } catch {
    return {};
  }
}

function sayAlive(): void {
  const all = { ...living(), [me]: Date.now() };
  for (const owner in all) if (isOld(all[owner]!)) delete all[owner];
  write('alive', JSON.stringify(all));
}

async function hold(owner: string): Promise<void> {
  const manager = locks();
  if (manager)
    await new Promise<void>((resolve) => {
      manager
        .request(prefix + owner, { ifAvailable: true }, (lock): Promise<void> | null => {
          if (lock) mine.add(owner);
          resolve();
          return lock && new Promise<void>((release) => letGo.push(release));
        })
        // a document that is going away gets none
        .catch(() => resolve());
    });
}
