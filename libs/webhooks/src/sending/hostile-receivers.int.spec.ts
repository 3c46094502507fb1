import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { IMPATIENT, sent, SpeakingServers } from '../../test/speaking-servers';

describe('a sender with a receiver that means no good', () => {
  const servers = SpeakingServers.forEachTest();

  it('waits no longer than it has time', async () => {
    const receiver = await servers.receiver(() => undefined);
    const outcome = await sent(receiver.url, {}, IMPATIENT);
    expect(outcome).toMatchObject({ error: 'timeout' });
    expect(outcome.httpStatus).toBeUndefined();
    expect(outcome.durationMs).toBeLessThan(3_000);
  });

  it.each([
    ['drips its headers', 'HTTP/1.1 200 OK\r\nx: ', 'timeout'],
    ['says 100 Continue for ever', 'HTTP/1.1 100 Continue\r\n\r\n', 'timeout'],
  ])('that %s', async (_, text, error) => {
    const port = await servers.raw((socket) => {
      socket.write(text);
      const timer = setInterval(() => socket.write(text.startsWith('HTTP/1.1 100') ? text : 'y'), 20);
      socket.once('close', () => clearInterval(timer));
    });
    expect(await sent(`http://127.0.0.1:${port}/`, {}, IMPATIENT)).toMatchObject({ error });
  });

  it('takes a good status at its word, however long the rest takes', async () => {
    const receiver = await servers.receiver((response, _, socket) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      socket.once('close', () => clearInterval(timer));
    });
    const outcome = await sent(receiver.url, {}, { totalMs: 5_000 });
    expect(outcome).toMatchObject({ httpStatus: 200 });
    expect(outcome.error).toBeUndefined();
    expect(outcome.durationMs).toBeLessThan(2_500);
  });

  it('reads 64 KiB of an endless answer, and keeps one', async () => {
    let written = 0;
    const receiver = await servers.receiver((response) => {
      response.writeHead(500);
      const chunk = Buffer.alloc(16 * 1024, 'x');
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const outcome = await sent(receiver.url, {}, { totalMs: 3_000 });
    expect(outcome).toMatchObject({ httpStatus: 500, error: 'status_refused' });
    expect(outcome.answer).toHaveLength(1_024);
    // what the two sockets hold between them counts as written, too
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it('does not unpack what is packed', async () => {
    const packed = gzipSync(Buffer.alloc(10 * 1024 * 1024));
    const receiver = await servers.receiver((response) => {
      response.writeHead(500, { 'content-encoding': 'gzip' }).end(packed);
    });
    const outcome = await sent(receiver.url);
    expect(outcome.answer?.length).toBeLessThanOrEqual(1_024);
  });

  it.each([
    ['hangs up at once', (socket: Socket) => void socket.destroy(), 'connection_reset'],
    ['resets', (socket: Socket) => void socket.resetAndDestroy(), 'connection_reset'],
    [
      'speaks something else',
      (socket: Socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
      'malformed_answer',
    ],
    [
      'sends headers without an end',
      (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(64 * 1024)}`),
      'malformed_answer',
    ],
    [
      'wants another protocol',
      (socket: Socket) =>
        void socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      'connection_reset',
    ],
    [
      'sends two lengths',
      (socket: Socket) =>
        void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
      'malformed_answer',
    ],
  ])('that %s', async (_, speak, error) => {
    const port = await servers.raw((socket) => socket.once('data', () => speak(socket)));
    expect(await sent(`http://127.0.0.1:${port}/`)).toMatchObject({ error });
  });

  it('that answers with half of a character, keeps what can be written down', async () => {
    const receiver = await servers.receiver(
      (response) => void response.writeHead(500).end('x'.repeat(1_023) + '😀'),
    );
    expect((await sent(receiver.url)).answer?.isWellFormed()).toBe(true);
  });

  it('that is not there', async () => {
    const port = await servers.raw(() => undefined);
    await servers.open.pop()?.();
    expect(await sent(`http://127.0.0.1:${port}/`)).toMatchObject({ error: 'connection_refused' });
  });

  it('that hangs up in the middle of a refusal, still has its status', async () => {
    const port = await servers.raw((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 503 Busy\r\nretry-after: 60\r\ncontent-length: 100\r\n\r\nbusy');
        setTimeout(() => socket.destroy(), 20);
      }),
    );
    expect(await sent(`http://127.0.0.1:${port}/`)).toMatchObject({
      httpStatus: 503,
      retryAfterSeconds: 60,
      answer: 'busy',
    });
  });
});
