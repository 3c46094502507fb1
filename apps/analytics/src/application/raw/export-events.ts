import { Injectable } from '@nestjs/common';
import { auditRecorded, Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { ExportTooLong } from '../../domain/raw-report.errors';
import { ReportScope } from '../report-scope';
import { EventReader, RawEventView } from './event.reader';
import { ExportPlace, ExportPlaces, LONGEST_EXPORT_MS } from './export-places';

const MOST_EVENTS = 1_000;
/** Of the first piece, and of each after one of large events: what has no room in a piece is read for nothing. */
const FEW_EVENTS = 64;
/** Of one piece, as text: an event may be large, and every piece is in memory. */
const MOST_BYTES = 2 * 1024 * 1024;

export interface ExportInput {
  eventType?: string;
  format: string;
  /** Whether it names users, devices, sessions and addresses. */
  identities: boolean;
  by: { id: string; kind: 'person' | 'key' };
}

export interface EventExport {
  exportedAt: Date;
  /** Type after type by name, each oldest first. Read while it is written out, so that no export is ever held in memory. */
  pieces: AsyncIterable<RawEventView[]>;
  /** Aborted when it has stood still for so long that another one has its place. */
  signal: AbortSignal;
  /** To be called once nobody reads any more, however it ended. */
  end: () => void;
}

/** The raw events of a time. That they were exported is audited first. */
@Injectable()
export class ExportEvents {
  private readonly places = new ExportPlaces();

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly reader: EventReader,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws TooManyExports */
  async execute(scope: ReportScope, input: ExportInput): Promise<EventExport> {
    const exportedAt = this.clock.now();
    const place = this.places.take(scope.tenantId, exportedAt);
    try {
      await this.audit(scope, input, exportedAt);
      const { signal } = place;
      return { exportedAt, signal, end: () => place.end(), pieces: this.pieces(scope, input, place) };
    } catch (error) {
      place.end();
      throw error;
    }
  }

  private audit(
    scope: ReportScope,
    { format, identities, eventType, by }: ExportInput,
    at: Date,
  ): Promise<void> {
    const { tenantId, appId, period } = scope;
    const entry = auditRecorded(tenantId, at, {
      action: 'analytics.exported',
      actorId: by.id,
      actorKind: by.kind,
      target: appId,
      details: {
        format,
        identities: String(identities),
        from: period.from.toISOString(),
        to: period.to.toISOString(),
        ...(eventType === undefined ? {} : { eventType }),
      },
    });
    return this.transaction.runFor([tenantId], () => this.outbox.add([entry]));
  }

  private async *pieces(
    { tenantId, appId, period }: ReportScope,
    { eventType }: ExportInput,
    place: ExportPlace,
  ): AsyncGenerator<RawEventView[]> {
    const { from, to } = period;
    const most = { events: FEW_EVENTS, bytes: MOST_BYTES };
    const typeAfter = async (type?: string): Promise<string | undefined> => {
      if (eventType !== undefined) return type === undefined ? eventType : undefined;
      return this.reader.typeAfter(tenantId, appId, period, type);
    };
    for (let type = await typeAfter(); type !== undefined; type = await typeAfter(type)) {
      let last: RawEventView | undefined;
      do {
        const now = this.clock.now();
        if (now.getTime() - place.since > LONGEST_EXPORT_MS) throw new ExportTooLong();
        place.goesOn(now);
        const events = await this.reader.page(tenantId, appId, { type, from, to }, last, most);
        last = events.at(-1);
        if (!last) break;
        yield events;
        most.events = Math.min(MOST_EVENTS, Math.max(FEW_EVENTS, 2 * events.length));
      } while (last);
    }
  }
}
