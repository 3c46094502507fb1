import { RejectedEventsV1, topics, TrackedEventsV1 } from '@libs/contracts';
import { Batch, eventTransport, MessagingSettings } from '@libs/messaging';

/** What the collector put into the log, as a consumer of its own group reads it. */
export class Logged {
  readonly events: Batch<TrackedEventsV1>['messages'][number][] = [];
  readonly rejections: Batch<RejectedEventsV1>['messages'][number][] = [];

  private constructor(readonly stop: () => Promise<void>) {}

  static async read(settings: MessagingSettings): Promise<Logged> {
    const transport = eventTransport(settings, { group: 'test.logged' });
    const logged = new Logged(() => transport.close());
    transport.addHandler(
      topics.events,
      async (batch: Batch<TrackedEventsV1>) => void logged.events.push(...batch.messages),
      true,
    );
    transport.addHandler(
      topics.eventsErrors,
      async (batch: Batch<RejectedEventsV1>) => void logged.rejections.push(...batch.messages),
      true,
    );
    await new Promise<void>((resolve, reject) => {
      transport.listen((error) => (error ? reject(new Error('cannot listen', { cause: error })) : resolve()));
    });
    return logged;
  }

  /** Each event with its tenant, in the order of arrival, repeats included. */
  all() {
    return this.events.flatMap(({ envelope }) =>
      envelope.payload.events.map((event) => ({ ...event, tenantId: envelope.tenantId })),
    );
  }

  find(eventId: string) {
    return this.all().find((event) => event.eventId === eventId);
  }

  allRejected() {
    return this.rejections.flatMap(({ envelope }) =>
      envelope.payload.rejections.map((rejection) => ({ ...rejection, tenantId: envelope.tenantId })),
    );
  }
}
