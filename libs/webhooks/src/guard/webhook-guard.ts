import { isIP } from 'node:net';
import { WebhookUrlRefused } from '../webhook.errors';
import { HostResolver } from './host-resolver';
import { IpNetwork } from './ip-network';
import { isInside, mayBeReached } from './public-addresses';

const LONGEST_URL = 2_048;
const FIRST_FREE_PORT = 1_024;
/** Names that only a private installation's own resolver knows. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa|lan|intranet|corp|home)$/;
const DOTTED_NAME = /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/;

/** An address that may be sent to, and where exactly. */
export interface CheckedUrl {
  url: URL;
  /** The connection goes to one of these, whatever the name says a moment later. */
  addresses: readonly string[];
}

/**
 * Keeps what customers register from leading us to our own network: every address of the host must be a public one, or in a network
 * that the installation allows.
 */
export class WebhookGuard {
  constructor(
    private readonly resolver: HostResolver,
    private readonly allowed: readonly IpNetwork[],
  ) {}

  /** @throws WebhookUrlRefused, HostLookupFailed */
  async check(text: string): Promise<CheckedUrl> {
    const url = parsed(text);
    const host = hostOf(url);
    if (isIP(host) === 0 && !this.mayAsk(host)) throw new WebhookUrlRefused('webhook_host_not_public');
    const addresses = isIP(host) ? [host] : await this.resolver.addressesOf(host);
    if (addresses.length === 0 || !addresses.every((address) => mayBeReached(address, this.allowed)))
      throw new WebhookUrlRefused('webhook_host_not_public');
    if (addresses.every((address) => isInside(address, this.allowed))) return { url, addresses };
    if (isPrivateName(host)) throw new WebhookUrlRefused('webhook_host_not_public');
    if (url.protocol !== 'https:') throw new WebhookUrlRefused('webhook_url_not_https');
    return { url, addresses };
  }

  /** Without networks of one's own nothing is asked about private names: the answer could only be no. */
  private mayAsk(host: string): boolean {
    return this.allowed.length > 0 || !isPrivateName(host);
  }
}

/** @throws WebhookUrlRefused for what no resolver need be asked about */
function parsed(text: string): URL {
  // one spelling: the parser would take tabs and line breaks out, and backslashes for slashes
  const url = text.length <= LONGEST_URL && /^[\x21-\x5b\x5d-\x7e]+$/.test(text) ? URL.parse(text) : null;
  if (!url || text.includes('#')) throw new WebhookUrlRefused('malformed_webhook_url');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new WebhookUrlRefused('webhook_url_not_https');
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\/[^/?]*@/i.test(text))
    throw new WebhookUrlRefused('webhook_url_with_credentials');
  const port = url.port === '' ? undefined : Number(url.port);
  if (port !== undefined && port !== 443 && port < FIRST_FREE_PORT)
    throw new WebhookUrlRefused('webhook_port_not_allowed');
  return url;
}

/** As it is looked up: no brackets, no dot at the end. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isPrivateName(host: string): boolean {
  return isIP(host) === 0 && (PRIVATE_NAME.test(host) || !DOTTED_NAME.test(host));
}
