import { BlockList, isIP } from 'node:net';

/** Networks whose addresses say nothing of where somebody is (IANA's special-purpose registries). */
const NOWHERE = new BlockList();
const NOWHERE_V4 = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3',
];
const NOWHERE_V6 = ['2001::/23 2001:db8::/32 3fff::/20'];
/** Of IPv6 only this is given out to the world. */
const WORLD = new BlockList();
WORLD.addSubnet('2000::', 3, 'ipv6');
add(NOWHERE_V4, 'ipv4');
add(NOWHERE_V6, 'ipv6');

/** IPv6 writings of an IPv4 address: mapped and translated (NAT64), and 6to4. */
const CARRIED = /^(?:::ffff:(?:0:)?|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
const SIX_TO_FOUR = /^2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/;

/** The address to look up: an IPv4 one out of its IPv6 writing; undefined where it is private, special or none at all. */
export function publicAddress(ip: string): string | undefined {
  const version = isIP(ip);
  if (version === 0) return undefined;
  if (version === 4) return NOWHERE.check(ip, 'ipv4') ? undefined : ip;
  const text = canonical(ip);
  if (text === undefined) return undefined;
  const [, high, low] = CARRIED.exec(text) ?? SIX_TO_FOUR.exec(text) ?? [];
  if (high !== undefined && low !== undefined) return publicAddress(dotted(high, low));
  return WORLD.check(text, 'ipv6') && !NOWHERE.check(text, 'ipv6') ? text : undefined;
}

/** RFC 5952, as the URL standard writes it; a zone (`%eth0`) makes an address local to a link. */
function canonical(ip: string): string | undefined {
  if (ip.includes('%')) return undefined;
  return new URL(`http://[${ip}]/`).hostname.slice(1, -1);
}

function dotted(high: string, low: string): string {
  const number = Number.parseInt(high, 16) * 0x10000 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}

function add(networks: readonly string[], family: 'ipv4' | 'ipv6'): void {
  for (const network of networks.join(' ').split(' ')) {
    const [address = '', bits] = network.split('/');
    NOWHERE.addSubnet(address, Number(bits), family);
  }
}
