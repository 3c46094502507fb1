import { isIP } from 'node:net';

/** An address as a number; what is IPv4 in an IPv6 coat stays IPv6 here. */
export interface IpAddress {
  bits: 32 | 128;
  value: bigint;
}

export interface IpNetwork extends IpAddress {
  prefix: number;
}

/** @returns undefined for what is no address; an IPv6 address with a zone (`fe80::1%eth0`) is none */
export function ipAddress(text: string): IpAddress | undefined {
  switch (isIP(text)) {
    case 4:
      return { bits: 32, value: numberOf(text.split('.').map(Number), 8) };
    case 6:
      return text.includes('%') ? undefined : { bits: 128, value: numberOf(groupsOf(text), 16) };
    default:
      return undefined;
  }
}

/** `10.0.0.0/8`, `fd00::/8`; an address alone is a network of one. @returns undefined for anything else */
export function ipNetwork(text: string): IpNetwork | undefined {
  const [host = '', length, ...rest] = text.split('/');
  const address = ipAddress(host);
  if (!address || rest.length > 0) return undefined;
  if (length === undefined) return { ...address, prefix: address.bits };
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : NaN;
  return prefix <= address.bits ? { ...address, prefix } : undefined;
}

export function isWithin(address: IpAddress, network: IpNetwork): boolean {
  if (address.bits !== network.bits) return false;
  const host = BigInt(network.bits - network.prefix);
  return address.value >> host === network.value >> host;
}

/** Eight groups; the last two may be written as IPv4. */
function groupsOf(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const before = partsOf(head);
  if (tail === undefined) return before;
  const after = partsOf(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function partsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [parseInt(part, 16)];
    const value = numberOf(part.split('.').map(Number), 8);
    return [Number(value >> 16n), Number(value & 0xffffn)];
  });
}

function numberOf(parts: readonly number[], bits: number): bigint {
  return parts.reduce((value, part) => (value << BigInt(bits)) | BigInt(part), 0n);
}
