import { InvalidDomain } from './tenancy.errors';

/** How many domains a tenant may have, proven or not. */
export const MOST_DOMAINS = 10;
const MAX_LENGTH = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// RFC 6761 and RFC 8375: names that no DNS gives to anybody.
const NOBODYS = /(?:^|\.)(?:localhost|local|internal|invalid|arpa|onion|home)$/;

/** A host name of a tenant's own, and what shows that it is theirs. */
export interface CustomDomain {
  /** As `chooseDomain` gives it. */
  readonly name: string;
  /** The text that its TXT record must hold. */
  readonly proof: string;
  readonly createdAt: Date;
  readonly verifiedAt?: Date;
}

/**
 * The one spelling of a domain: lower case, international names in their ASCII form, no dot at the end.
 * @param platform the domain that the platform's own hosts lie under
 * @throws InvalidDomain also for addresses and for names that are the platform's or nobody's
 */
export function chooseDomain(text: string, platform: string): string {
  const name = asciiOf(text.trim());
  const labels = name.split('.');
  const wellFormed =
    name.length <= MAX_LENGTH &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    // A last label of digits is an address (RFC 1123 section 2.1), whatever stands before it.
    /[a-z]/.test(labels.at(-1) ?? '');
  const ours = name === platform || name.endsWith(`.${platform}`);
  if (!wellFormed || ours || NOBODYS.test(name)) throw new InvalidDomain();
  return name;
}

/** Where the proof is looked up: a name that no host has, so a wildcard of A records shows nothing. */
export function proofRecord(name: string): string {
  return `_moneyflow.${name}`;
}

/** What the TXT record holds. */
export function proofText(proof: string): string {
  return `moneyflow-domain-verification=${proof}`;
}

/** As a browser reads it; text that is more than a host name gives nothing that passes. */
function asciiOf(text: string): string {
  if (/[\s/\\?#@:[\]%]/.test(text) || !URL.canParse(`http://${text}`)) throw new InvalidDomain();
  return new URL(`http://${text}`).hostname.replace(/\.$/, '');
}
