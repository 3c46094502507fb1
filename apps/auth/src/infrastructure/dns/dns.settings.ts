import { isIP } from 'node:net';
import { derived, list, SettingProblem } from '@libs/config';

/** Which DNS servers prove the domains of tenants. */
export function dnsSettings() {
  return derived(
    {
      servers: list('DNS_SERVERS', {
        default: [],
        example: '1.1.1.1,9.9.9.9',
        about:
          'DNS servers that custom domains are proven by, as addresses with an optional port ([2606:4700::1111]:53), comma separated; without it those of the machine.',
      }),
    },
    ({ servers }): readonly string[] => {
      if (!servers.every(isServer))
        throw new SettingProblem('must name addresses, each with an optional port');
      return servers;
    },
  );
}

function isServer(text: string): boolean {
  const host =
    /^\[(.+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? (isIP(text) ? text : text.replace(/:\d{1,5}$/, ''));
  return isIP(host) !== 0;
}
