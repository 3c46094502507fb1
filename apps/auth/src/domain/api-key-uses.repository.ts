import { ApiKeyUseReport } from './api-key-use';

/** How often keys were used, of the tenants of the transaction. */
export abstract class ApiKeyUsesRepository {
  /** Adds up what was not reported before; keys that nobody made are passed over. */
  abstract add(reports: readonly ApiKeyUseReport[]): Promise<void>;

  /** Forgets which reports came before `before`, of these tenants: none of them comes again. */
  abstract forget(before: Date): Promise<void>;
}
