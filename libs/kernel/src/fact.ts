import { TenantId } from './ids';

/** Something that happened, as it leaves the service: `payload` is a contract, flat and free of domain types. */
export interface Fact<Payload extends object = object> {
  /** A topic of libs/contracts, `releases.posted.v1`. */
  type: string;
  tenantId: TenantId;
  occurredAt: Date;
  payload: Payload;
  /** The request that caused it; the current one by default. */
  requestId?: string;
  traceparent?: string;
}
