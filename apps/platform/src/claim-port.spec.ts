import { connect, createServer, Server } from 'node:net';
import { claimPort } from './claim-port';

describe('claimPort', () => {
  let busy: Server;
  afterEach(() => busy?.close());

  it('says which port is taken and how to choose another', async () => {
    busy = createServer();
    const port = await new Promise<number>((resolve) =>
      busy.listen(0, '127.0.0.1', () => resolve((busy.address() as { port: number }).port)),
    );
    await expect(claimPort('127.0.0.1', port)).rejects.toMatchObject({
      name: 'CannotStart',
      problem: expect.stringContaining(`Port ${port} is taken`),
      remedy: expect.stringContaining('PORT='),
    });
  });

  it('leaves the port free for whoever asked', async () => {
    const port = await claimPort('127.0.0.1', 0);
    expect(port).toBeGreaterThan(0);
    await expect(claimPort('127.0.0.1', port)).resolves.toBe(port);
  });

  it('turns away clients that are quicker than the listener', async () => {
    const port = await claimPort('127.0.0.1', 0);
    const knocking = setInterval(() => connect(port, '127.0.0.1').on('error', () => undefined), 0);
    await expect(
      Promise.all(Array.from({ length: 20 }, () => claimPort('127.0.0.1', 0))),
    ).resolves.toHaveLength(20);
    await expect(claimPort('127.0.0.1', port)).resolves.toBe(port);
    clearInterval(knocking);
  });

  it('says that HOST is no address of this machine', async () => {
    await expect(claimPort('192.0.2.1', 0)).rejects.toMatchObject({
      problem: expect.stringContaining('192.0.2.1'),
    });
  });
});
