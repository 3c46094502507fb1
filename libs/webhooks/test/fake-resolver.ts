import { HostResolver } from '../src/guard/host-resolver';
import { ipNetwork } from '../src/guard/ip-network';

export const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((text) => ipNetwork(text) ?? []);

/** Names and their addresses as a test says; what it does not name does not exist. */
export class FakeResolver extends HostResolver {
  readonly asked: string[] = [];

  constructor(readonly names: Record<string, readonly string[] | (() => readonly string[])> = {}) {
    super();
  }

  async addressesOf(host: string): Promise<string[]> {
    this.asked.push(host);
    const answer = this.names[host];
    return [...((typeof answer === 'function' ? answer() : answer) ?? [])];
  }
}
