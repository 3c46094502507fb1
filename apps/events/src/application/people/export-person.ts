import { Injectable } from '@nestjs/common';
import {
  auditRecorded,
  Clock,
  Outbox,
  PersonNames,
  requestContext,
  TenantId,
  TenantTransaction,
  UserId,
} from '@libs/kernel';
import { InsightReader, InsightView } from '../reading/insight.reader';
import { NotificationRepository, NotificationView } from '../reading/notification.repository';
import { TransactionReader, TransactionView } from '../reading/transaction.reader';
import { UserEventReader, UserEventView } from '../reading/user-event.reader';
import { RejectionReader, RejectionView } from '../rejections/rejection-reader';

const PIECE = 500;

/** Some of what is known of a person, all of one kind. */
export type PersonPiece =
  | { kind: 'events'; items: UserEventView[] }
  | { kind: 'transactions'; items: TransactionView[] }
  | { kind: 'notifications'; items: NotificationView[] }
  | { kind: 'insights'; items: InsightView[] }
  | { kind: 'rejectedEvents'; items: RejectedEventView[] };

/** An event that was refused, with what was sent, freed of personal data. */
export type RejectedEventView = RejectionView & { event: unknown };

export interface PersonExport {
  /** As the events name the person. */
  userId: string;
  exportedAt: Date;
  /** Kind after kind, each newest first. Read while it is written out, so that no export is ever held in memory. */
  pieces: AsyncIterable<PersonPiece>;
}

/** Everything that the sinks hold of one person (LGPD art. 18, II and V). That it was exported is audited first. */
@Injectable()
export class ExportPerson {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly names: PersonNames,
    private readonly events: UserEventReader,
    private readonly transactions: TransactionReader,
    private readonly notifications: NotificationRepository,
    private readonly insights: InsightReader,
    private readonly rejections: RejectionReader,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws MalformedUserId */
  async execute(input: {
    tenantId: TenantId;
    userId: string;
    format: string;
    by: UserId;
  }): Promise<PersonExport> {
    const { tenantId, format, by } = input;
    const userId = this.names.of(tenantId, input.userId);
    const exportedAt = this.clock.now();
    const entry = auditRecorded(tenantId, exportedAt, {
      action: 'events.person_exported',
      actorId: by,
      actorKind: 'person',
      target: userId,
      details: { format },
    });
    await this.transaction.run(() => this.outbox.add([entry]));
    return { userId, exportedAt, pieces: this.pieces(tenantId, { userId, to: exportedAt }) };
  }

  private async *pieces(
    tenantId: TenantId,
    filter: { userId: string; to: Date },
  ): AsyncGenerator<PersonPiece> {
    const { userId } = filter;
    const all = pager(this.transaction);
    const after = ({
      eventId,
      occurredAt,
      timestamp,
    }: {
      eventId: string;
      occurredAt: Date;
      timestamp: Date;
    }) => ({
      id: eventId,
      occurredAt,
      timestamp,
    });
    for await (const items of all((last?: UserEventView) =>
      this.events.list(tenantId, filter, last && after(last), PIECE),
    ))
      yield { kind: 'events', items };
    for await (const items of all((last?: TransactionView) =>
      this.transactions.list(tenantId, filter, last && after(last), PIECE),
    ))
      yield { kind: 'transactions', items };
    for await (const items of all((last?: NotificationView) =>
      this.notifications.list(tenantId, filter, last, PIECE),
    ))
      yield { kind: 'notifications', items };
    for await (const items of all((last?: InsightView) =>
      this.insights.list(tenantId, { userId }, last, PIECE),
    ))
      yield { kind: 'insights', items };
    for await (const items of all((last?: RejectedEventView) => this.rejectedEvents(tenantId, filter, last)))
      yield { kind: 'rejectedEvents', items };
  }

  private async rejectedEvents(
    tenantId: TenantId,
    filter: { userId: string; to: Date },
    last?: RejectedEventView,
  ): Promise<RejectedEventView[]> {
    const after = last && { receivedAt: new Date(last.receivedAt), rejectionId: last.rejectionId };
    const rejections = await this.rejections.listOfPerson(tenantId, filter, after, PIECE);
    return rejections.map(({ tenantId: _, event, ...view }) => ({
      ...view,
      event: JSON.parse(event) as unknown,
    }));
  }
}

/** Goes through a list piece by piece, each in a transaction of its own. */
function pager(transaction: TenantTransaction) {
  // Whoever pulls is a socket with no context of ours, so each piece is read in the one of the request.
  const context = requestContext.current();
  if (!context) throw new Error('an export belongs to a request');
  return async function* pieces<Item>(read: (last?: Item) => Promise<Item[]>): AsyncGenerator<Item[]> {
    let last: Item | undefined;
    for (;;) {
      const items = await requestContext.run(context, () => transaction.run(() => read(last)));
      if (items.length > 0) yield items;
      if (items.length < PIECE) return;
      last = items.at(-1);
    }
  };
}
