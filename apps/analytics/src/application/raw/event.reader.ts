import { TenantId } from '@libs/kernel';
import { ActivityPlace, ActivityView } from './person.reader';

/** An event as the raw store has it. */
export interface RawEventView extends ActivityView {
  /** Who it was, as a keyed number; null for nobody. */
  visitor: string | null;
  userId: string | null;
  context: Record<string, unknown>;
  userAgent: Record<string, unknown>;
  version: string | null;
}

export abstract class EventReader {
  /** The type after `type` by name, of what the months of the period hold; the first without one. */
  abstract typeAfter(
    tenantId: TenantId,
    appId: string,
    period: { from: Date; to: Date },
    type: string | undefined,
  ): Promise<string | undefined>;

  /**
   * Of one type within [from, to), oldest first by (occurredAt, eventId, timestamp). At most so many, and so many bytes of text of what
   * the client sent; at least one where there is one.
   */
  abstract page(
    tenantId: TenantId,
    appId: string,
    filter: { type: string; from: Date; to: Date },
    after: ActivityPlace | undefined,
    most: { events: number; bytes: number },
  ): Promise<RawEventView[]>;
}
