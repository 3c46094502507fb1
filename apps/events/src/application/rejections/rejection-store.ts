import { TenantId } from '@libs/kernel';
import { KeptRejection } from '../../domain/kept-rejection';

/** Where the sinks keep rejected events. All but purge() in the open transaction. */
export abstract class RejectionStore {
  /** Each once, however often it comes. @returns how many were new */
  abstract add(rejections: readonly KeptRejection[]): Promise<number>;

  /** Lets the oldest go where a tenant has more than one may have. @returns how many */
  abstract trim(tenantIds: readonly TenantId[]): Promise<number>;

  /** Lets go what was kept long enough, of every tenant, `most` at once. @returns how many; 0 also while another does it */
  abstract purge(most: number): Promise<number>;
}
