import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { AppProcess, eventually } from '@libs/testing';
import { ContinualPosting } from './continual-posting';

let refused = 0;

/** A house that lets everybody in, and takes no release. */
function closedHouse(): Promise<Server> {
  const server = createServer((request, response) => {
    const status = request.url?.endsWith('/register') ? 201 : request.url?.endsWith('/login') ? 200 : 500;
    if (status === 500) refused += 1;
    response.writeHead(status).end(JSON.stringify({ tokens: { accessToken: 'a token' } }));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const aProcess = (ended: Partial<AppProcess>) =>
  ({ alive: false, signal: null, exitCode: null, tail: '', ...ended }) as AppProcess;

describe('companies that post while something is killed', () => {
  let server: Server;

  beforeAll(async () => {
    server = await closedHouse();
  });
  beforeEach(() => (refused = 0));
  // each of the sixteen that post at a time
  afterEach(() => eventually(() => expect(refused).toBe(16)));
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  function killing(armed: AppProcess): Promise<number> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const at = { auth: url, releases: url, consolidated: url, events: url, analytics: url };
    return ContinualPosting.during(at, (all) => all.killed(armed, 'worker.after-receive'), { lanes: 1 });
  }

  it('tell what keeps them from posting, instead of waiting for a death that cannot come', async () => {
    await expect(killing(aProcess({ alive: true }))).rejects.toThrow(/^POST .*releases.* → 500/);
  });

  it('tell how a process ended that was to die elsewhere', async () => {
    const ended = aProcess({ exitCode: 1, tail: 'no database' });
    await expect(killing(ended)).rejects.toThrow('worker.after-receive: it ended with 1\nno database');
  });
});
