import { createServer, Server, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SystemClock } from '@libs/kernel';
import { WebhookGuard } from '../src/guard/webhook-guard';
import { SendOutcome, WebhookSender } from '../src/sending/webhook-sender';
import { FakeResolver, LOOPBACK } from './fake-resolver';
import { Answering, Receiver } from './receiver';

export const NEVER = new AbortController().signal;

/** Servers that a test opens; all are closed after it. */
export class SpeakingServers {
  readonly open: (() => Promise<void>)[] = [];

  static forEachTest(): SpeakingServers {
    const servers = new SpeakingServers();
    afterEach(async () => {
      for (const close of servers.open.splice(0)) await close();
    });
    return servers;
  }

  async receiver(answering?: Answering, tls?: { key: string; cert: string }): Promise<Receiver> {
    const receiver = await Receiver.start(answering, tls);
    this.open.push(() => receiver.close());
    return receiver;
  }

  /** A server that speaks whatever it likes. @returns its port */
  async raw(speak: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      speak(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.open.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }
}

/** Who waits no longer, for receivers that keep one waiting; of the others a busy machine must not make such ones. */
export const IMPATIENT = { connectMs: 300, totalMs: 700 };

/** Sends a message to an address, where names mean what the test says. */
export async function sent(
  url: string,
  names: FakeResolver['names'] = {},
  limits: { connectMs?: number; totalMs?: number; ca?: string } = {},
): Promise<SendOutcome> {
  const guard = new WebhookGuard(new FakeResolver(names), LOOPBACK);
  const sender = new WebhookSender(guard, new SystemClock(), {
    connectMs: 5_000,
    totalMs: 10_000,
    ...limits,
  });
  return sender.send({ id: 'msg_1', url, body: '{"a":1}', secrets: ['whsec_AAAA'] }, NEVER);
}
