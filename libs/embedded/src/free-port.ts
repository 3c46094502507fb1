import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that operating systems hand out by themselves (from 32768 on Linux, 49152 elsewhere): one of those may be
 * another's, or a connection's, before whoever asked has bound it, and again whenever they start anew.
 */
const [LOWEST, ABOVE] = [10_000, 32_768];
const TRIES = 100;

/**
 * A port of the loopback that nobody uses now.
 * @throws the last try's fault, where none can be bound
 */
export async function freePort(): Promise<number> {
  for (let tried = 1; ; tried++) {
    const port = randomInt(LOWEST, ABOVE);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if (tried === TRIES) throw error;
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
