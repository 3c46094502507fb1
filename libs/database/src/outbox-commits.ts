/** Tells the relays of this process that a transaction with outbox rows has committed; other processes poll. */
const listeners = new Map<string, Set<() => void>>();

/** @returns what ends the listening */
export function onOutboxCommit(schema: string, listener: () => void): () => void {
  const known = listeners.get(schema) ?? new Set();
  listeners.set(schema, known.add(listener));
  return () => known.delete(listener);
}

export function outboxCommitted(schema: string): void {
  for (const listener of listeners.get(schema) ?? []) listener();
}
