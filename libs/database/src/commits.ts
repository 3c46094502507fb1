import { BroadcastChannel } from 'node:worker_threads';

interface Ears {
  listeners: Set<() => void>;
  otherThreads: BroadcastChannel;
}
const tables = new Map<string, Ears>();

/**
 * Listens for transactions of this process, on whichever of its threads, that have left something to do in `table`. Other
 * processes do not tell: who listens polls as well.
 * @returns what ends the listening
 */
export function onCommit(table: string, listener: () => void): () => void {
  const { listeners } = earsOf(table);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A transaction has committed that left something to do in `table`. */
export function committed(table: string): void {
  const { listeners, otherThreads } = earsOf(table);
  for (const listener of listeners) listener();
  otherThreads.postMessage(null);
}

function earsOf(table: string): Ears {
  const known = tables.get(table);
  if (known) return known;
  const ears = { listeners: new Set<() => void>(), otherThreads: new BroadcastChannel(`commits ${table}`) };
  ears.otherThreads.onmessage = () => {
    for (const listener of ears.listeners) listener();
  };
  ears.otherThreads.unref();
  tables.set(table, ears);
  return ears;
}
