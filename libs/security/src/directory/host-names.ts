import { isIPv4, isIPv6 } from 'node:net';
import { HostSettings } from './host.settings';

/** Whose a host name may be; which tenant has it is for the directory to say. */
export type HostName =
  | { readonly kind: 'neutral' }
  | { readonly kind: 'subdomain'; readonly name: string }
  | { readonly kind: 'domain'; readonly name: string }
  | { readonly kind: 'nobodys' };

const NEUTRAL: HostName = { kind: 'neutral' };
const NOBODYS: HostName = { kind: 'nobodys' };

// RFC 9110 section 7.2: uri-host, and a port that may be empty. Names as DNS has them: no percent-encoding, no user.
const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)(?::\d{0,5})?$/;
const MAX_LENGTH = 262; // 253 of a name, its last dot, a port
const REMEMBERED = 1_000;

/** Reads `Host` headers by the platform's rules. Case, port and the dot of a fully qualified name do not matter. */
export class HostNames {
  private readonly neutral: ReadonlySet<string>;
  private readonly suffix: string;
  private readonly read = new Map<string, HostName>();

  constructor({ publicDomain, neutralHosts }: HostSettings) {
    this.suffix = `.${publicDomain}`;
    this.neutral = new Set(
      ['localhost', publicDomain, `api.${publicDomain}`, ...neutralHosts].map((name) => name.toLowerCase()),
    );
  }

  of(host: string): HostName {
    const known = this.read.get(host);
    if (known) return known;
    const name = this.parse(host);
    // Whoever sends new names all the time pays for reading them and costs no memory.
    if (this.read.size >= REMEMBERED) this.read.clear();
    if (host.length <= MAX_LENGTH) this.read.set(host, name);
    return name;
  }

  private parse(host: string): HostName {
    if (host.length > MAX_LENGTH) return NOBODYS;
    const [, ipv6, name] = HOST.exec(host.toLowerCase()) ?? [];
    if (ipv6 !== undefined) return isIPv6(ipv6) ? NEUTRAL : NOBODYS;
    if (name === undefined) return NOBODYS;
    if (isIPv4(name) || this.neutral.has(name)) return NEUTRAL;
    // What lies under our own domain is never looked up among the custom domains, whoever got one registered there.
    if (!name.endsWith(this.suffix)) return { kind: 'domain', name };
    const label = name.slice(0, -this.suffix.length);
    return label.includes('.') ? NOBODYS : { kind: 'subdomain', name: label };
  }
}
