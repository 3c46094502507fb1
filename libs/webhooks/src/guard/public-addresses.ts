import { IpAddress, ipAddress, ipNetwork, IpNetwork, isWithin } from './ip-network';

// IANA's special-purpose registries (RFC 6890 and what came after), and what only looks public.
const NOT_PUBLIC_V4 = networks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // carriers' NAT; some clouds' metadata
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, metadata
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16/32', // a cloud's own services behind a public-looking address
]);

const GLOBAL_V6 = network('2000::/3');
const NOT_PUBLIC_V6 = networks([
  '2001::/23', // protocols, Teredo among them
  '2001:db8::/32',
  '2002::/16', // 6to4
  '2620:4f:8000::/48',
  '3fff::/20',
]);
/** What carries an IPv4 address in its last 32 bits: it is as public as that one. */
const CARRIES_V4 = networks(['::ffff:0:0/96', '64:ff9b::/96']);

/** Whether the address belongs to somebody on the public Internet. */
export function isPublic(address: IpAddress): boolean {
  if (address.bits === 32) return !NOT_PUBLIC_V4.some((special) => isWithin(address, special));
  if (CARRIES_V4.some((carrier) => isWithin(address, carrier)))
    return isPublic({ bits: 32, value: address.value & 0xffff_ffffn });
  return isWithin(address, GLOBAL_V6) && !NOT_PUBLIC_V6.some((special) => isWithin(address, special));
}

/** Whether something may be sent there; `allowed` are a private installation's own networks. */
export function mayBeReached(address: string, allowed: readonly IpNetwork[]): boolean {
  const parsed = ipAddress(address);
  return parsed !== undefined && (isPublic(parsed) || isInside(address, allowed));
}

export function isInside(address: string, allowed: readonly IpNetwork[]): boolean {
  const parsed = ipAddress(address);
  return parsed !== undefined && allowed.some((network) => isWithin(parsed, network));
}

function networks(texts: readonly string[]): readonly IpNetwork[] {
  return texts.map(network);
}

function network(text: string): IpNetwork {
  const parsed = ipNetwork(text);
  if (!parsed) throw new Error(`${text} is no network`);
  return parsed;
}
