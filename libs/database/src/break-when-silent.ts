import type { Socket } from 'node:net';
import type { Client, ClientBase } from 'pg';

/** Longer than a statement may run: a server that owes an answer and has said nothing for so long is gone. */
export const SILENCE_MS = 35_000;

/**
 * Breaks the connection when its server owes an answer and nothing has moved for `afterMs`: a network or a machine may be gone without a
 * word, and TCP gives up only after a quarter of an hour. What was asked fails as an outage; who asks again gets another connection.
 */
export function breakWhenSilent(client: ClientBase, afterMs = SILENCE_MS): void {
  const stream = (client as Client).connection.stream as Socket;
  stream.setTimeout(afterMs);
  stream.on('timeout', () => {
    // Who only waits for work or notifications is owed nothing.
    if ((client as { readyForQuery?: boolean }).readyForQuery !== false) return;
    stream.destroy(Object.assign(new Error('PostgreSQL has gone silent'), { code: 'ETIMEDOUT' }));
  });
}
