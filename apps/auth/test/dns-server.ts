import { createSocket, Socket } from 'node:dgram';
import { decode, encode, Packet } from 'dns-packet';

type Behaviour = 'answers' | 'is silent' | 'fails';

/** A DNS server on the loopback that knows the TXT records it is told. */
export class DnsServer {
  /** Name → its records, each in chunks. */
  readonly records = new Map<string, string[][]>();
  readonly asked: string[] = [];
  behaviour: Behaviour = 'answers';

  private constructor(private readonly socket: Socket) {}

  static async start(): Promise<DnsServer> {
    const socket = createSocket('udp4');
    const server = new DnsServer(socket);
    socket.on('message', (message, from) => {
      const answer = server.answer(decode(message));
      if (answer) socket.send(encode(answer), from.port, from.address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  /** For DNS_SERVERS. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private answer(query: Packet): Packet | undefined {
    const [question] = query.questions ?? [];
    if (!question || this.behaviour === 'is silent') return undefined;
    const name = question.name.toLowerCase();
    this.asked.push(name);
    const records = question.type === 'TXT' ? this.records.get(name) : undefined;
    // The low bits of the flags are the code: 2 SERVFAIL, 3 NXDOMAIN (RFC 1035 section 4.1.1).
    const code = this.behaviour === 'fails' ? 2 : records ? 0 : 3;
    return {
      id: query.id,
      type: 'response',
      flags: 0x0180 | code,
      questions: query.questions,
      answers: (code === 0 ? (records ?? []) : []).map((chunks) => ({
        type: 'TXT' as const,
        name: question.name,
        ttl: 1,
        data: chunks,
      })),
    };
  }
}
