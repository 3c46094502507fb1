import { InvalidSubdomain, ReservedSubdomain } from './auth.errors';

const SUBDOMAIN = /^[a-z](?:[a-z0-9-]{1,38})[a-z0-9]$/;

/** Names that mean the platform itself, now or some day, or that a phisher would love. */
const RESERVED = new Set(
  `about account accounts admin administrator analytics api app apps assets auth autoconfig autodiscover billing blog
  cdn consolidated console dashboard dev developer developers docs email events files ftp git graphql help home host
  hostmaster http https imap img internal invitations key keys ldap localhost login logout mail mailer marketing
  metrics mobile moneyflow monitor mx news ns ns1 ns2 oauth openid pay payment payments pix platform pop pop3 postmaster
  private prod production public releases root sandbox secure security server smtp sso staging static stats status
  store support system test tracking users vpn web webhook webhooks webmaster webmail wiki www www1 www2`.split(
    /\s+/,
  ),
);

/**
 * The tenant's label in `{subdomain}.moneyflow…`, lower case.
 * @throws InvalidSubdomain, ReservedSubdomain
 */
export function chooseSubdomain(text: string): string {
  const subdomain = text.trim().toLowerCase();
  // `xn--` (and any other third-and-fourth hyphen) is reserved by RFC 5891: it would read as another name.
  if (!SUBDOMAIN.test(subdomain) || subdomain.slice(2, 4) === '--') throw new InvalidSubdomain();
  if (RESERVED.has(subdomain)) throw new ReservedSubdomain();
  return subdomain;
}
