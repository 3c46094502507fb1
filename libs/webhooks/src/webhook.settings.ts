import { derived, list, SettingProblem, string } from '@libs/config';
import { IpNetwork, ipNetwork } from './guard/ip-network';

/** What every process needs that registers webhooks or sends to them. */
export function webhookSettings() {
  return {
    secret: string('WEBHOOK_SECRET', {
      secret: true,
      minLength: 32,
      about:
        'Seals the secrets that webhooks are signed with. Every process that registers webhooks or sends to them shares it; with another one nothing can be sent until each webhook’s secret is rotated.',
    }),
    allowedNetworks: derived(
      {
        networks: list('WEBHOOK_ALLOWED_NETWORKS', {
          default: [],
          example: '10.20.0.0/16',
          about:
            'Networks of one’s own, comma separated, that webhooks may lead to although they are not public, by plain HTTP too. Empty where tenants are strangers: whoever registers a webhook reaches every service in there.',
        }),
      },
      ({ networks }) => networks.map(networkOf),
    ),
  };
}

export interface WebhookSettings {
  secret: string;
  allowedNetworks: readonly IpNetwork[];
}

function networkOf(text: string): IpNetwork {
  const network = ipNetwork(text);
  if (!network) throw new SettingProblem(`must be networks such as 10.20.0.0/16, and ${text} is none`);
  return network;
}
