import { Resolver } from 'node:dns/promises';
import { HostLookupFailed } from '../webhook.errors';

const TRY_MS = 1_500;
const TRIES = 2;

/** Looks names up. */
export abstract class HostResolver {
  /** @returns its addresses, none where there is no such name @throws HostLookupFailed when nobody answers */
  abstract addressesOf(host: string): Promise<string[]>;
}

/**
 * By DNS itself: the system's own lookup also knows files of hosts, and waits in the few threads that the process has for files
 * and passwords, where a slow name server would keep everybody.
 */
export class DnsHostResolver extends HostResolver {
  private readonly dns: Resolver;

  /** @param options the name servers to ask, `127.0.0.1:53`, instead of the system's; and how long one try may take */
  constructor({ servers, tryMs = TRY_MS }: { servers?: readonly string[]; tryMs?: number } = {}) {
    super();
    this.dns = new Resolver({ timeout: tryMs, tries: TRIES });
    if (servers) this.dns.setServers(servers);
  }

  async addressesOf(host: string): Promise<string[]> {
    const answers = await Promise.allSettled([this.dns.resolve4(host), this.dns.resolve6(host)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    const reasons = answers.map((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : ''));
    if (reasons.some((code) => !NO_SUCH_NAME.has(code))) throw new HostLookupFailed();
    return [];
  }
}

const NO_SUCH_NAME = new Set(['', 'ENOTFOUND', 'ENODATA', 'EBADNAME', 'ENONAME']);

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
