import { CustomDomain } from './custom-domain';

/** Domains of the tenant of the transaction. */
export abstract class CustomDomainRepository {
  /** Oldest first; a tenant has few. */
  abstract all(): Promise<CustomDomain[]>;

  abstract find(name: string): Promise<CustomDomain | undefined>;

  /** Does nothing where the tenant has the name already. */
  abstract add(domain: CustomDomain): Promise<void>;

  /** Takes the name for this tenant alone. @throws DomainTaken */
  abstract claim(name: string, now: Date): Promise<void>;

  /** @returns false when there was none */
  abstract remove(name: string): Promise<boolean>;
}
