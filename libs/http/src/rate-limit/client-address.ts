import { FastifyRequest } from 'fastify';
import { isIP } from 'node:net';

/**
 * The whole address a request came from; an IPv4 address mapped into IPv6 is written as IPv4. What a proxy forwarded counts only as
 * far as TRUST_PROXY says, and only when it is an address.
 */
export function addressOf(request: FastifyRequest): string | undefined {
  const forwarded = isIP(request.ip) ? request.ip : withoutPort(request.ip);
  const address = isIP(forwarded) ? forwarded : request.raw.socket.remoteAddress;
  if (!address?.includes(':')) return address;
  const mapped = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : undefined;
  return mapped !== undefined && mapped.includes('.') ? mapped : address.split('%')[0];
}

/** Azure's gateways, and AWS's where they are told to, forward `192.0.2.1:4455` and `[2001:db8::1]:4455`. */
function withoutPort(forwarded: string): string {
  const [, v4, v6] = /^(?:([\d.]+):\d{1,5}|\[([^\]]+)\](?::\d{1,5})?)$/.exec(forwarded) ?? [];
  return v4 ?? v6 ?? '';
}

/**
 * What a limit by address counts: an IPv4 address, or the /64 of an IPv6 one (a single customer owns a whole /64).
 * What a proxy forwarded counts only as far as TRUST_PROXY says, and only when it is an address.
 */
export function clientAddress(request: FastifyRequest): string {
  const address = addressOf(request) ?? 'unknown';
  return address.includes(':') ? network(address) : address;
}

/** The first four groups, `::` written out. */
function network(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(gap).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
