import { defineConfig } from '@libs/config';
import { dnsSettings } from './dns.settings';

const config = defineConfig({ servers: dnsSettings() });

describe('DNS_SERVERS', () => {
  it.each(['1.1.1.1', '1.1.1.1:5353', '2606:4700::1111', '[2606:4700::1111]', '[2606:4700::1111]:53'])(
    'may be %s',
    (server) => {
      expect(config.parse({ DNS_SERVERS: server })).toEqual({ servers: [server] });
    },
  );

  it.each(['dns.example', '1.1.1.1:dns', '1.1.1', '1.1.1.1,dns.example'])('is not %s', (servers) => {
    expect(() => config.parse({ DNS_SERVERS: servers })).toThrow(/DNS_SERVERS must name addresses/);
  });

  it('are those of the machine by default', () => {
    expect(config.parse({})).toEqual({ servers: [] });
  });
});
