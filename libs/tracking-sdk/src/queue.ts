import { uuid } from './identity';
import { prefix } from './settings';
import { openStore, Row, Store } from './store';

const MAX_ROWS = 5_000;
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

const ownerOf = (row: Row): string => row.key.split('/')[0]!;
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

/** @returns rows that had to go, because more than 5,000 wait */
export function add(id: string, row: Omit<Row, 'key' | 'due' | 'tries'>): Row[] {
  void open();
  const added = { ...row, key: `${me}/${id}`, due: 0, tries: 0 };
  rows.push(added);
  keep([added]);
  return trim();
}

function trim(): Row[] {
  const gone = rows.slice(0, Math.max(rows.length - MAX_ROWS, 0));
  remove(gone);
  return gone;
}

export function keep(changed: Row[]): void {
  void open().then((opened) => opened.put(changed));
}

export function remove(gone: Row[]): void {
  if (!gone.length) return;
  rows = rows.filter((row) => gone.indexOf(row) < 0);
  void open().then((opened) => opened.remove(gone.map((row) => row.key)));
}

export function clear(): void {
  rows = [];
  if (store) void store.then((opened) => opened.clear());
}

/** Takes over what tabs that are gone left behind. @returns how many rows came */
export async function adopt(): Promise<number> {
  const opened = await open();
  const owners = new Set((await opened.all()).map(ownerOf));
  for (const owner of owners) if (!mine.has(owner)) await hold(owner);
  const known = new Set(rows.map((row) => row.key));
  // Read anew: until its lock was ours, the owner may have sent some.
  const found = (await opened.all()).filter(
    (row) => !known.has(row.key) && ownerOf(row) !== me && isOurs(row),
  );
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
  if (locks()) return mine.has(ownerOf(row));
  const { timestamp } = JSON.parse(row.json) as { timestamp: string };
  return Date.now() - Date.parse(timestamp) > ABANDONED_MS;
}

function hold(owner: string): Promise<void> {
  const manager = locks();
  if (!manager) return Promise.resolve();
  return new Promise((resolve) => {
    manager
      .request(prefix + owner, { ifAvailable: true }, (lock) => {
        if (lock) mine.add(owner);
        resolve();
        return lock ? new Promise<void>((release) => letGo.push(release)) : undefined;
      })
      // a document that is going away gets none
      .catch(() => resolve());
  });
}
