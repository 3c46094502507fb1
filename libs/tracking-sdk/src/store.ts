import { prefix } from './settings';

/** An event that waits. */
export interface Row {
  /** `<owner>/<event id>`: the tab that alone may send it. */
  key: string;
  /** The event, as JSON text. */
  json: string;
  /** Whose it is; a token of somebody else must not carry it. */
  user?: string;
  /** Not to be sent before, epoch milliseconds. */
  due: number;
  tries: number;
}

/** Where rows outlive their tab. Nothing here rejects: a queue that cannot be kept is still sent. */
export interface Store {
  kind: 'indexedDB' | 'localStorage' | 'memory';
  put(rows: Row[]): void;
  remove(keys: string[]): void;
  all(): Promise<Row[]>;
  clear(): void;
}

const ROWS = 'rows';

/** IndexedDB, else localStorage, else nothing. */
export function openStore(): Promise<Store> {
  return new Promise<Store>((resolve, reject) => {
    const opening = indexedDB.open(prefix, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(ROWS, { keyPath: 'key' });
    opening.onerror = reject;
    opening.onsuccess = () => resolve(inIndexedDb(opening.result));
  }).catch(() => inLocalStorage());
}

function inIndexedDb(db: IDBDatabase): Store {
  let instead: Store | undefined;
  // The browser may close it under us (a full disk, cleared data): from then on it is localStorage.
  const use = (work: (rows: IDBObjectStore) => void, otherwise: (store: Store) => void): void => {
    try {
      if (!instead) {
        const transaction = db.transaction(ROWS, 'readwrite');
        work(transaction.objectStore(ROWS));
        // a page that goes away does not come to the end of the turn that would commit it
        if (transaction.commit) transaction.commit();
        return;
      }
    } catch {
      instead = inLocalStorage();
    }
    otherwise(instead);
  };
  return {
    kind: 'indexedDB',
    put: (rows) =>
      use(
        (store) => rows.forEach((row) => store.put(row)),
        (store) => store.put(rows),
      ),
    remove: (keys) =>
      use(
        (store) => keys.forEach((key) => store.delete(key)),
        (store) => store.remove(keys),
      ),
    clear: () =>
      use(
        (store) => store.clear(),
        (store) => store.clear(),
      ),
    all: () =>
      new Promise<Row[]>((resolve, reject) => {
        const reading = db.transaction(ROWS).objectStore(ROWS).getAll() as IDBRequest<Row[]>;
        reading.onsuccess = () => resolve(reading.result);
        reading.onerror = reject;
      }).catch(() => []),
  };
}

/** One entry a row: no tab writes what another one wrote. Full or away, rows live in memory alone, and go on from there. */
function inLocalStorage(): Store {
  const name = `${prefix}row:`;
  const quietly = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch {
      return otherwise;
    }
  };
  const keys = (): string[] =>
    quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(name)), []);
  return {
    kind: quietly(() => (localStorage.setItem(prefix, ''), localStorage.removeItem(prefix), true), false)
      ? 'localStorage'
      : 'memory',
    put: (rows) =>
      quietly(
        () => rows.forEach((row) => localStorage.setItem(name + row.key, JSON.stringify(row))),
        undefined,
      ),
    remove: (gone) => quietly(() => gone.forEach((key) => localStorage.removeItem(name + key)), undefined),
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
    all: () =>
      Promise.resolve(
        keys()
          .map((key) => quietly(() => JSON.parse(localStorage.getItem(key)!) as Row, undefined))
          .filter((row): row is Row => !!row && !!row.key),
      ),
  };
}
