import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { heard, socketListener } from '../../test/socket-app';
import { HttpListener } from '../listen-http';

type Listener = HttpListener & { port: number };

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const HANDSHAKE = `Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n${KEY}`;

describe('a request to become a WebSocket', () => {
  let listener: Listener;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    listener = await socketListener({ behind: true });
  });
  afterAll(() => listener.close());
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  const open = (path = '/api/v1/echoes', options = {}, protocols: string[] = ['echo']) =>
    new WebSocket(`ws://127.0.0.1:${listener.port}${path}`, protocols, options);

  /** All that comes back until the connection is closed. */
  async function raw(text: string | Buffer): Promise<string> {
    const socket = connect(listener.port, '127.0.0.1');
    sockets.push(socket);
    let answer = '';
    socket.on('data', (part) => (answer += part.toString('latin1')));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    const timer = setTimeout(() => {
      answer += ' NOT CLOSED';
      socket.destroy();
    }, 5_000);
    await once(socket, 'close');
    clearTimeout(timer);
    return answer;
  }

  it.each(['/api/v1/echoes', '/api/echoes', '/api/v1/echoes?x=1'])(
    'is taken at %s, behind another application',
    async (path) => {
      const socket = open(path);
      await once(socket, 'open');
      socket.send('olá');
      const [data] = (await once(socket, 'message')) as [Buffer];
      expect([data.toString(), socket.protocol]).toEqual(['olá', 'echo']);
      socket.close();
      await once(socket, 'close');
    },
  );

  it('brings a token in a subprotocol, which nobody is told of', async () => {
    const socket = open(undefined, {}, ['echo', 'bearer.abc.def']);
    await once(socket, 'open');
    expect([heard.authorization, socket.protocol]).toEqual(['Bearer abc.def', 'echo']);
    socket.close();
    await once(socket, 'close');
  });

  it.each([
    ['a path that is not there', `GET /api/v1/nothing HTTP/1.1\r\n${HANDSHAKE}\r\n`, 404, 'route_not_found'],
    [
      'a path of another application',
      `GET /api/v1/things HTTP/1.1\r\n${HANDSHAKE}\r\n`,
      400,
      'not_upgradable',
    ],
    ['an operational path', `GET /metrics HTTP/1.1\r\n${HANDSHAKE}\r\n`, 400, 'not_upgradable'],
    ['no Host', `GET /api/v1/echoes HTTP/1.1\r\n${HANDSHAKE.slice(9)}\r\n`, 400, 'malformed_http'],
    [
      'a body',
      `GET /api/v1/echoes HTTP/1.1\r\n${HANDSHAKE}Content-Length: 3\r\n\r\nabc`,
      400,
      'malformed_handshake',
    ],
    [
      'a chunked body',
      `GET /api/v1/echoes HTTP/1.1\r\n${HANDSHAKE}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'malformed_handshake',
    ],
    [
      'a bad version of the API',
      `GET /api/v1/echoes HTTP/1.1\r\n${HANDSHAKE}X-API-Version: 9\r\n\r\n`,
      400,
      'unknown_api_version',
    ],
    [
      'an origin of nobody',
      `GET /api/v1/echoes HTTP/1.1\r\n${HANDSHAKE}Origin: https://mal.example\r\n\r\n`,
      403,
      'origin_not_allowed',
    ],
    [
      'a URL that cannot be decoded',
      `GET /api/v1/echoes%zz HTTP/1.1\r\n${HANDSHAKE}\r\n`,
      400,
      'malformed_url',
    ],
  ])('is refused with a problem, and closed: %s', async (_what, request, status, code) => {
    const answer = await raw(request);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answer).not.toContain('NOT CLOSED');
  });

  it.each([
    ['no key', HANDSHAKE.replace(KEY, '')],
    ['a key of another length', HANDSHAKE.replace(KEY, 'Sec-WebSocket-Key: abc\r\n')],
    ['a version of long ago', HANDSHAKE.replace('Version: 13', 'Version: 1')],
    ['subprotocols that are none', `${HANDSHAKE}Sec-WebSocket-Protocol: a,,b\r\n`],
  ])('is refused and closed: %s', async (_what, headers) => {
    const answer = await raw(`GET /api/v1/echoes HTTP/1.1\r\n${headers}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('NOT CLOSED');
  });

  it('smuggles no second request behind one that is refused', async () => {
    const answer = await raw(
      `GET /api/v1/nothing HTTP/1.1\r\n${HANDSHAKE}\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('is no such thing by another method or for another protocol: those are answered as ever', async () => {
    const close = 'Connection: Upgrade, close\r\n';
    const h2c = await raw(`GET /health HTTP/1.1\r\nHost: x\r\n${close}Upgrade: h2c\r\n\r\n`);
    expect(h2c).toContain('200 OK');
    const post = await raw(
      `POST /api/v1/echoes HTTP/1.1\r\n${HANDSHAKE.replace('Connection: Upgrade\r\n', close)}Content-Length: 0\r\n\r\n`,
    );
    expect(post).toContain('"code":"method_not_allowed"');
  });

  it('is asked for by a plain GET in vain', async () => {
    const answer = await fetch(`${listener.url}/api/v1/echoes`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      426,
      'upgrade_required',
    ]);
  });

  it('that breaks off while it is looked at hurts nobody', async () => {
    for (let turn = 0; turn < 50; turn++) {
      const socket = connect(listener.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(`GET /api/v1/echoes HTTP/1.1\r\n${HANDSHAKE}\r\n`);
      socket.resetAndDestroy();
    }
    await sleep(300);
    expect((await fetch(`${listener.url}/health`)).status).toBe(200);
    expect(heard.open).toBe(0);
  });

  it('by the thousand is refused by the thousand, and leaves nothing', async () => {
    const ask = () => raw(`GET /api/v1/nothing HTTP/1.1\r\n${HANDSHAKE}\r\n`);
    let refused = 0;
    for (let round = 0; round < 10; round++)
      for (const answer of await Promise.all(Array.from({ length: 100 }, ask)))
        if (answer.startsWith('HTTP/1.1 404 ')) refused++;
    expect(refused).toBe(1_000);
    const left = await new Promise<number>((resolve) =>
      listener.server.getConnections((_error, count) => resolve(count)),
    );
    expect(left).toBeLessThan(10);
  }, 60_000);

  describe('once taken', () => {
    const closing = async (send: (socket: WebSocket, tcp: Socket) => void): Promise<number> => {
      const socket = open();
      await once(socket, 'open');
      socket.on('error', () => undefined);
      send(socket, (socket as unknown as { _socket: Socket })._socket);
      const [code] = (await once(socket, 'close')) as [number];
      return code;
    };

    it('is closed for a message of more than 4 KiB, however it is cut', async () => {
      expect(await closing((socket) => socket.send('x'.repeat(4_097)))).toBe(1009);
      const parts = await closing((socket) => {
        for (let part = 0; part < 5; part++) socket.send('x'.repeat(1_000), { fin: false });
      });
      expect(parts).toBe(1009);
    });

    it('is closed for a length that it never sends', async () => {
      const frame = Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]);
      expect(await closing((_socket, tcp) => tcp.write(frame))).toBe(1009);
    });

    it.each([
      ['a frame without a mask', [0x81, 0x02, 0x68, 0x69], 1002],
      ['a compressed frame', [0xc1, 0x82, 0, 0, 0, 0, 0x68, 0x69], 1002],
      ['an opcode that is none', [0x83, 0x80, 0, 0, 0, 0], 1002],
      ['a control frame in parts', [0x09, 0x80, 0, 0, 0, 0], 1002],
      ['text that is no UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007],
    ])('is closed for %s', async (_what, bytes, code) => {
      expect(await closing((_socket, tcp) => tcp.write(Buffer.from(bytes)))).toBe(code);
    });

    it('is closed with the listener, which does not wait for an answer', async () => {
      const alone = await socketListener();
      const socket = new WebSocket(`ws://127.0.0.1:${alone.port}/api/v1/echoes`, ['echo']);
      await once(socket, 'open');
      const closed = once(socket, 'close') as Promise<[number]>;
      const from = Date.now();
      await alone.close();
      expect((await closed)[0]).toBe(1001);
      expect(Date.now() - from).toBeLessThan(3_000);
      await expect(fetch(`${alone.url}/health`)).rejects.toThrow();
    });
  });
});

describe('a stream of server-sent events', () => {
  it('ends for a reader that does not read, and with the listener', async () => {
    const listener = await socketListener();
    const socket = connect(listener.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    socket.write('GET /api/v1/echoes/stream HTTP/1.1\r\nHost: x\r\n\r\n');
    while (heard.streams === 0) await sleep(10);
    const from = Date.now();
    while (heard.streams > 0 && Date.now() - from < 10_000) await sleep(20);
    expect(heard.streams).toBe(0);
    socket.destroy();
    const answer = await fetch(`${listener.url}/api/v1/echoes/stream`, {
      headers: { 'accept-encoding': 'gzip, br', origin: 'https://app.example.com' },
    });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    const text = answer.text();
    await listener.close();
    expect((await text).endsWith('event: closed\ndata: {"reason":"leaving"}\n\n')).toBe(true);
  }, 30_000);
});
