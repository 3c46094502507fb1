import { createServer } from 'node:net';
import { CannotStart } from './cannot-start';

/**
 * Finds out before anything is started whether we may listen there; a busy port must not cost a database start.
 * @returns the port; the one that was found free when 0 was asked for
 * @throws CannotStart when it is busy or not ours to take
 */
export async function claimPort(host: string, port: number): Promise<number> {
  // A client that is quick must be turned away: nobody would ever answer it here.
  const server = createServer((socket) => socket.resetAndDestroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : port;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const another = 'PORT=<another port> npm start';
  switch (error.code) {
    case 'EADDRINUSE':
      return new CannotStart(
        `Port ${port} is taken: another program listens there, maybe another MoneyFlow.`,
        `Stop that program, or choose another port: ${another}`,
        { cause: error },
      );
    case 'EACCES':
      return new CannotStart(
        `This user may not listen on port ${port}.`,
        `Choose a port from 1024 on: ${another}`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new CannotStart(
        `HOST is ${host}, which is no address of this machine.`,
        'Leave HOST unset to listen on every address, or set HOST=127.0.0.1 to be reachable from this machine only.',
        { cause: error },
      );
    default:
      return error;
  }
}
