import { TenantId } from '@libs/kernel';

/** That a person of a tenant's is to be forgotten. */
export interface Erasure {
  tenantId: TenantId;
  erasureId: string;
  /** As the tenant's events name the person. */
  userId: string;
  /** What happened until then goes; what the person does later is new. */
  erasedAt: Date;
  /** Of the request that asked for it; absent: the current one. */
  requestId?: string;
}

/** What is erased of a person, in the order in which it goes. */
export const ERASED_KINDS = ['userEvents', 'transactions', 'notifications', 'rejectedEvents'] as const;
export type ErasedKind = (typeof ERASED_KINDS)[number];

export const ERASURE_STATES = ['queued', 'running', 'completed'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];
