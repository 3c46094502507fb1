/** Tells the senders of this process that deliveries have been committed; other processes poll. */
const listeners = new Map<string, Set<() => void>>();

/** @returns what ends the listening */
export function onDeliveryCommit(schema: string, listener: () => void): () => void {
  const known = listeners.get(schema) ?? new Set();
  listeners.set(schema, known.add(listener));
  return () => known.delete(listener);
}

export function deliveriesCommitted(schema: string): void {
  for (const listener of listeners.get(schema) ?? []) listener();
}
