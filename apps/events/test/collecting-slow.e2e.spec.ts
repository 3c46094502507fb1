import { connect, Socket } from 'node:net';
import { call } from '@libs/testing';
import { EventsHouse } from './events.house';
import { aPageView } from './sdk-event.builder';

const SLOW = 300;
const WITHIN_MS = 2_000;

let house: EventsHouse;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open({
    apart: true,
    environment: { HTTP_REQUEST_TIMEOUT_MS: String(WITHIN_MS) },
  });
  key = await house.key(await house.tenant());
}, 60_000);
afterAll(() => house?.close());

/** Promises a mebibyte and sends a byte now and then. @returns what it was told until it was cut off */
function trickle(head: string, sockets: Socket[]): Promise<string> {
  return new Promise((resolve) => {
    let bytes: NodeJS.Timeout | undefined;
    const socket = connect(Number(new URL(house.url).port), '127.0.0.1', () => {
      socket.write(head);
      bytes = setInterval(() => socket.write(' '), 200); // not before the head, however long connecting takes
    });
    sockets.push(socket);
    let text = '';
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearInterval(bytes);
      resolve(text);
    });
  });
}

describe('senders that take for ever', () => {
  it.each([
    ['with a key of ours', () => `X-API-Key: ${key}\r\n`],
    ['that nobody knows', () => ''],
  ])(
    '%s are cut off on time, and keep nobody waiting',
    async (_, credentials) => {
      const sockets: Socket[] = [];
      const head = `POST /api/v1/events/batch HTTP/1.1\r\nHost: x\r\n${credentials()}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"events":[`;
      const told = Array.from({ length: SLOW }, () => trickle(head, sockets));
      const waited: number[] = [];
      for (let n = 0; n < 10; n++) {
        const began = performance.now();
        const { status } = await call(house.url, '/api/v1/events', {
          body: aPageView(),
          headers: { 'x-api-key': key },
        });
        waited.push(performance.now() - began);
        expect(status).toBe(202);
      }
      expect(waited.sort((a, b) => a - b)[5]).toBeLessThan(1_000);
      // a second until it looks, and what a busy machine takes
      const late = setTimeout(() => sockets.forEach((socket) => socket.destroy()), WITHIN_MS + 8_000);
      const answers = await Promise.all(told);
      clearTimeout(late);
      const statuses = new Set(answers.map((text) => /^HTTP\/1\.1 (\d+)/.exec(text)?.[1]));
      expect([...statuses].filter((status) => !['401', '408'].includes(String(status)))).toEqual([]);
    },
    60_000,
  );
});
