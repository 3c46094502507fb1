import { createSocket, Socket } from 'node:dgram';

const A = 1;
const CNAME = 5;
const AAAA = 28;
const CODES = { ok: 0, servfail: 2, nxdomain: 3, refused: 5 } as const;

/** What the server says of a name. */
export interface Zone {
  a?: readonly string[];
  aaaa?: readonly string[];
  /** Another name, whose addresses stand in the same answer, as resolvers send them. */
  cname?: string;
  code?: keyof typeof CODES;
  /** Says nothing at all. */
  silent?: boolean;
  /** Says it to so many questions only later, in milliseconds. */
  delayMs?: number;
}

/** A little name server on loopback, over UDP (RFC 1035, 3596). What it does not know does not exist. */
export class NameServer {
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly zones: Readonly<Record<string, Zone>>,
  ) {}

  static async start(zones: Readonly<Record<string, Zone>>): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket, zones);
    socket.on('message', (query, { port, address }) => {
      const { answer, delayMs } = server.answer(query);
      if (answer) setTimeout(() => socket.send(answer, port, address, () => undefined), delayMs);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private answer(query: Buffer): { answer?: Buffer; delayMs: number } {
    const { name, end } = nameAt(query, 12);
    const type = query.readUInt16BE(end);
    this.asked.push(`${type === AAAA ? 'AAAA' : 'A'} ${name}`);
    const zone: Zone = this.zones[name] ?? { code: 'nxdomain' };
    if (zone.silent) return { delayMs: 0 };
    const records = this.records(name, type);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // an answer, recursion desired and available
    header.writeUInt16BE(0x8180 | CODES[zone.code ?? 'ok'], 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const question = query.subarray(12, end + 4);
    return { answer: Buffer.concat([header, question, ...records]), delayMs: zone.delayMs ?? 0 };
  }

  private records(name: string, type: number): Buffer[] {
    const { a = [], aaaa = [], cname } = this.zones[name] ?? {};
    if (cname !== undefined) return [record(name, CNAME, wireName(cname)), ...this.records(cname, type)];
    if (type === A) return a.map((ip) => record(name, A, Buffer.from(ip.split('.').map(Number))));
    return type === AAAA ? aaaa.map((ip) => record(name, AAAA, wireIpv6(ip))) : [];
  }
}

function nameAt(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function wireName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function record(name: string, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([wireName(name), head, data]);
}

/** In full or with one `::`. */
function wireIpv6(text: string): Buffer {
  const [before = '', after] = text.split('::');
  const groups = (part: string) => part.split(':').filter(Boolean);
  const [first, last] = [groups(before), groups(after ?? '')];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return Buffer.from(
    [...first, ...zeros, ...last].flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}
