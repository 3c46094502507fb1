import { Resolver } from 'node:dns/promises';
import { TxtRecords } from '../../application/tenants/txt-records';
import { DnsUnavailable } from '../../domain/tenancy.errors';

const TIMEOUT_MS = 2_000;
const TRIES = 2;
/** There is no such name, or it has no such record: an answer, not a failure. */
const NONE = new Set(['ENOTFOUND', 'ENODATA']);

export class ResolverTxtRecords extends TxtRecords {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  /** @param servers `address` or `address:port`; none: those of the machine */
  constructor(servers: readonly string[]) {
    super();
    if (servers.length > 0) this.resolver.setServers(servers);
  }

  async lookUp(name: string): Promise<string[]> {
    try {
      // One record comes in chunks of 255 bytes that belong together (RFC 7208 section 3.3).
      return (await this.resolver.resolveTxt(name)).map((chunks) => chunks.join(''));
    } catch (error) {
      if (NONE.has(String((error as NodeJS.ErrnoException).code))) return [];
      throw new DnsUnavailable(error);
    }
  }
}
