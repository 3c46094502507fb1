import { TenantId } from '@libs/kernel';

/** Of a period, by the beginning of the sessions. */
export interface SessionTotals {
  sessions: number;
  /** Those who viewed a page; only of them it can be said that they left again. */
  withPages: number;
  /** Sessions of exactly one page view. */
  bounces: number;
  pageViews: number;
  /** From the first event to the last; null without sessions. */
  meanMs: number | null;
  medianMs: number | null;
}

export interface EntryPage {
  url: string;
  sessions: number;
  withPages: number;
  bounces: number;
  meanMs: number;
}

export interface SessionReport extends SessionTotals {
  /** The most frequent first. */
  entryPages: EntryPage[];
  /** Sessions that entered by another page, or by none. */
  remainder: number;
}

export interface SessionFilter {
  from: Date;
  to: Date;
  userId?: string;
  device?: string;
  country?: string;
}

export interface SessionView {
  visitor: string;
  startedAt: Date;
  endedAt: Date;
  userId: string | null;
  events: number;
  pageViews: number;
  entryUrl: string | null;
  exitUrl: string | null;
  referrer: string | null;
  device: string | null;
  country: string | null;
}

export interface SessionPlace {
  startedAt: Date;
  visitor: string;
}

export abstract class SessionReader {
  /** @throws ReportTooHeavy */
  abstract report(
    tenantId: TenantId,
    appId: string,
    filter: SessionFilter,
    pages: number,
  ): Promise<SessionReport>;

  /** Newest first by (startedAt, visitor). @throws ReportTooHeavy by device or country */
  abstract list(
    tenantId: TenantId,
    appId: string,
    filter: SessionFilter,
    after: SessionPlace | undefined,
    limit: number,
  ): Promise<SessionView[]>;
}
