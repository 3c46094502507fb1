import { FastifyRequest } from 'fastify';
import { clientAddress } from './client-address';

const from = (ip: string, remoteAddress = '192.0.2.9') =>
  clientAddress({ ip, raw: { socket: { remoteAddress } } } as unknown as FastifyRequest);

describe('clientAddress', () => {
  it('is an IPv4 address, also one mapped into IPv6', () => {
    expect(from('192.0.2.1')).toBe('192.0.2.1');
    expect(from('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('is the same for a whole /64, in any spelling', () => {
    const spellings = ['2001:db8:0:1::1', '2001:db8::1:0:0:0:2', '2001:0DB8:0000:0001:aaaa:bbbb:cccc:dddd'];
    expect(new Set(spellings.map((spelling) => from(spelling)))).toEqual(new Set(['2001:db8:0:1::/64']));
    expect(from('2001:db8:0:2::1')).not.toBe(from('2001:db8:0:1::1'));
    expect(from('::1')).toBe('0:0:0:0::/64');
  });

  it('is without the port that some proxies forward with it', () => {
    expect(from('192.0.2.1:4455')).toBe('192.0.2.1');
    expect(from('[2001:db8:0:1::1]:4455')).toBe('2001:db8:0:1::/64');
    expect(from('[2001:db8:0:1::1]')).toBe('2001:db8:0:1::/64');
    expect(from('192.0.2.1:')).toBe('192.0.2.9');
    expect(from('999.0.2.1:80')).toBe('192.0.2.9');
  });

  it('is the connection’s own where a proxy forwarded nonsense', () => {
    expect(from('unknown')).toBe('192.0.2.9');
    expect(from('1.2.3.4\r\nx')).toBe('192.0.2.9');
  });
});
