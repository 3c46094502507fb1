import { TenantId } from '@libs/kernel';
import { Erasure, ErasureState } from './erasure';

/** How far an erasure is; it does not say whose. */
export interface ErasureView {
  erasureId: string;
  status: ErasureState;
  requestedAt: Date;
  erasedAt: Date;
  completedAt: Date | null;
  /** Rows by what they were. */
  erased: Readonly<Record<string, number>>;
}

export abstract class ErasureRepository {
  abstract add(erasure: Erasure, requestedBy: string): Promise<void>;
  abstract find(tenantId: TenantId, erasureId: string): Promise<ErasureView | undefined>;
}
