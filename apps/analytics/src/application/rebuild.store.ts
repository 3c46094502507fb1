import { TenantId } from '@libs/kernel';
import { RolledEvent } from '../domain/rolled-event';
import { RollupCorrection, StoredQuarter, StoredValue } from '../domain/rollup-correction';
import { Visit, VisitChanges, VisitReach } from '../domain/visit';
import { AppDay, AppKey } from './rollup.store';

/** From an instant (RFC 3339) up to another one, which is not in it. */
export interface Span {
  from: string;
  to: string;
}

/** Visitors from one hash up to another one, which is not among them; or these. */
export type Visitors = { least: number; below: number } | readonly number[];

/** What rebuilding reads and writes, in the open transaction. */
export abstract class RebuildStore {
  /** UTC days, both included, on which a tenant's applications have events, or had; by application and day. */
  abstract days(tenantId: TenantId, from: string, to: string): Promise<AppDay[]>;
  /** Nobody else changes what is made of its events, until the transaction ends. */
  abstract hold(app: AppKey): Promise<void>;
  /** How many raw events each quarter of an hour of the day has, by its beginning; those that have any. Ascending. */
  abstract eventsByQuarter(day: AppDay): Promise<readonly { bucket: string; events: number }[]>;
  /** Raw events by when they happened; of these visitors only, where they are given. */
  abstract rawEvents(app: AppKey, span: Span, of?: Visitors): Promise<RolledEvent[]>;
  abstract quarters(app: AppKey, span: Span): Promise<StoredQuarter[]>;
  abstract values(app: AppKey, span: Span): Promise<StoredValue[]>;
  abstract correct(app: AppKey, correction: RollupCorrection): Promise<void>;
  /** Stored visits of these visitors that have a part in the time, and all within the reaches; each once. */
  abstract visits(app: AppKey, span: Span, of: Visitors, reaches: readonly VisitReach[]): Promise<Visit[]>;
  abstract replaceVisits(changes: VisitChanges): Promise<void>;
}
