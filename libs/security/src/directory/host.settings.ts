import { list, string } from '@libs/config';

const NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Under which names a service is reached, and which of them are a tenant's. */
export function hostSettings() {
  return {
    publicDomain: string('PUBLIC_DOMAIN', {
      default: 'localhost',
      pattern: NAME,
      example: 'moneyflow.example',
      about:
        'The domain of the platform: `<subdomain>.<domain>` is a tenant’s own host and takes that tenant’s tokens only; the domain itself and `api.<domain>` take everybody’s.',
    }),
    neutralHosts: list('NEUTRAL_HOSTS', {
      default: [],
      example: 'releases.internal',
      about:
        'Further host names that take every tenant’s tokens, comma separated. IP addresses and localhost always do; any other name is refused to a token or key.',
    }),
  };
}

export interface HostSettings {
  publicDomain: string;
  neutralHosts: readonly string[];
}
