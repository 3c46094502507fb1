import { Completion, TenantId } from '@libs/kernel';

/** Erasures whose rows are gone, while days are left that had a trace of the person. */
export abstract class WaitingErasures {
  /**
   * Completes those of the tenant for which no day is left, or `only` that one, in the open transaction. Each is given to one
   * caller, who tells of it.
   */
  abstract complete(tenantId: TenantId, at: Date, only?: string): Promise<readonly Completion[]>;
}
