import { Fact } from './fact';

/** Facts stored in the transaction of the state they tell of; a relay publishes them after the commit. */
export abstract class Outbox {
  /** One statement however many facts. @throws Error outside a TenantTransaction */
  abstract add(facts: readonly Fact[]): Promise<void>;
}
