import { prefix } from './settings';

/** An event that waits. */
export interface Row {
  /** `<owner>/<event id>`: the tab that alone may send it. */
  key: string;
  /** The event, as JSON text. */
  json: string;
  /** Whose it is; a token of somebody else must not carry it. */
  user?: string;
  /** When it was tracked, epoch milliseconds. */
  at: number;
  /** Not to be sent before, epoch milliseconds. */
  due: number;
  tries: number;
}

/** Where rows outlive their tab. Nothing here rejects: a queue that cannot be kept is still sent. */
export interface Store {
  kind: 'indexedDB' | 'localStorage' | 'memory';
  put(rows: Row[]): void;
  remove(keys: string[]): void;
  all(): Promise<Row[]> | Row[];
}

const ROWS = 'rows';
/** A browser that clears or upgrades its databases may answer never. */
const OPEN_MS = 2_000;

export const ownerOf = (row: Row): string => row.key.split('/')[0]!;
export const idOf = (row: Row): string => row.key.split('/')[1]!;

function quietly<T>(work: () => T, otherwise?: T): T {
  try {
    return work();
  } catch {
    return otherwise as T;
  }
}
const nameOf = (key: string): string => `${prefix}row:${key}`;
const names = (): string[] =>
  quietly(() => Object.keys(localStorage).filter((name) => name.startsWith(nameOf(''))), []);

/** IndexedDB, else localStorage, else nothing. */
export function openStore(): Promise<Store> {
  return new Promise<Store>((resolve, reject) => {
    const opening = indexedDB.open(prefix, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(ROWS, { keyPath: 'key' });
    opening.onerror = reject;
    opening.onsuccess = () => resolve(inIndexedDb(opening.result));
    setTimeout(reject, OPEN_MS);
  }).catch(() => inLocalStorage());
}

/** Nothing of the queue stays on the device, an empty database neither. */
export function wipe(): void {
  quietly(() => indexedDB.deleteDatabase(prefix));
  names().forEach((name) => localStorage.removeItem(name));
}

/** And in localStorage, which has what came while IndexedDB was away or full. */
function inIndexedDb(db: IDBDatabase): Store {
  const instead = inLocalStorage();
  const change = (work: (rows: IDBObjectStore) => void, failed: () => void, done?: () => void): void => {
    try {
      const transaction = db.transaction(ROWS, 'readwrite');
      // A full disk says so at the end.
      transaction.onabort = failed;
      transaction.oncomplete = done || null;
      work(transaction.objectStore(ROWS));
      // a page that goes away does not come to the end of the turn that would commit it
      if (transaction.commit) transaction.commit();
    } catch {
      failed(); // the browser may close it under us: cleared data
    }
  };
  // Whoever deletes it is not kept waiting.
  db.onversionchange = () => db.close();
  return {
    kind: 'indexedDB',
    put: (rows) =>
      change(
        (store) => rows.forEach((row) => store.put(row)),
        () => instead.put(rows),
      ),
    remove: (keys) => {
      // Behind the transaction that put them, and may have failed to.
      const gone = () => instead.remove(keys);
      change((store) => keys.forEach((key) => store.delete(key)), gone, gone);
    },
    all: () =>
      new Promise<Row[]>((resolve, reject) => {
        const reading = db.transaction(ROWS).objectStore(ROWS).getAll() as IDBRequest<Row[]>;
        reading.onsuccess = () => resolve(reading.result);
        reading.onerror = reject;
      })
        .catch((): Row[] => [])
        .then((rows) => rows.concat(instead.all())),
  };
}

/** One entry a row: no tab writes what another one wrote. Full or away, rows live in memory alone, and go on from there. */
function inLocalStorage(): Omit<Store, 'all'> & { all(): Row[] } {
  return {
    kind: quietly(() => (localStorage.setItem(prefix, ''), localStorage.removeItem(prefix), true))
      ? 'localStorage'
      : 'memory',
    put: (rows) =>
      quietly(() => rows.forEach((row) => localStorage.setItem(nameOf(row.key), JSON.stringify(row)))),
    remove: (gone) => quietly(() => gone.forEach((key) => localStorage.removeItem(nameOf(key)))),
    all: () =>
      names()
        .map((name) => quietly(() => JSON.parse(localStorage.getItem(name)!) as Row))
        .filter((row) => row && row.key),
  };
}
