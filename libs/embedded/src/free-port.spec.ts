import { createServer } from 'node:net';
import { freePort } from './free-port';

jest.mock('node:crypto', () => ({ ...jest.requireActual<object>('node:crypto'), randomInt: jest.fn() }));
const { randomInt } = jest.requireMock<{ randomInt: jest.Mock<number, [number, number]> }>('node:crypto');
const chance = jest.requireActual<{ randomInt: (low: number, above: number) => number }>(
  'node:crypto',
).randomInt;

describe('a free port', () => {
  beforeEach(() => randomInt.mockReset().mockImplementation(chance));

  it('can be bound, and is none that the system hands out by itself', async () => {
    for (let n = 0; n < 20; n++) {
      const port = await freePort();
      expect(port).toBeGreaterThanOrEqual(10_000);
      expect(port).toBeLessThan(32_768);
      const server = createServer();
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen(port, '127.0.0.1', resolve),
      );
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is not one that somebody uses', async () => {
    const taken = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
    try {
      randomInt.mockReturnValueOnce(taken).mockReturnValueOnce(taken);
      expect(await freePort()).not.toBe(taken);
      randomInt.mockReturnValue(taken);
      await expect(freePort()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
