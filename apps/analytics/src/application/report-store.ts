import { TenantId } from '@libs/kernel';

/** What the store has of a question, and the ticket to keep an answer to it. */
export interface KeptReport {
  body?: string;
  /** Present where `body` is. */
  ageSeconds?: number;
  ticket: string;
}

/** Whose room an answer takes. */
export interface ReportsOf {
  tenantId: TenantId;
  appId: string;
}

/** Keeps computed answers for a while, as far as there is room for those of an application. It may be away at any time: then it has nothing and keeps nothing. */
export abstract class ReportStore {
  /** Undefined while it is away. */
  abstract read(tenantId: TenantId, key: string): Promise<KeptReport | undefined>;
  abstract keep(of: ReportsOf, key: string, ticket: string, body: string): Promise<void>;
}
