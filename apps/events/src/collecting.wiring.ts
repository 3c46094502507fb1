import { Clock, EventPublisher } from '@libs/kernel';
import { CollectEvents } from './application/collect-events';
import { Countries } from './application/countries';
import { EnrichEvents } from './application/enrich-events';
import { EventLog } from './application/event-log';
import { EventReader } from './application/event-reader';
import { RecentEvents } from './application/recent-events';
import { UserAgents } from './application/user-agents';
import { EventsConfig } from './events.config';
import { MmdbCountries } from './infrastructure/countries/mmdb-countries';
import { LogQueue } from './infrastructure/log/log-queue';
import { PublishedEventLog } from './infrastructure/log/published-event-log';
import { RecentEventTable } from './infrastructure/memory/recent-event-table';
import { SchemaEventReader } from './infrastructure/schemas/schema-event-reader';
import { UapUserAgents } from './infrastructure/user-agents/uap-user-agents';
import { CollectController } from './interfaces/http/collect.controller';
import { EventSenders } from './interfaces/http/event-senders';
import { Wiring } from './wiring';

const MIB = 1024 * 1024;

/** The collector: from a request to the log. */
export function collecting(config: EventsConfig): Wiring {
  return {
    controllers: [CollectController],
    providers: [
      CollectEvents,
      EnrichEvents,
      EventSenders,
      { provide: EventReader, useClass: SchemaEventReader },
      { provide: UserAgents, useFactory: () => new UapUserAgents() },
      { provide: Countries, useFactory: () => MmdbCountries.open(config.countriesFile) },
      { provide: RecentEvents, useClass: RecentEventTable },
      {
        provide: EventLog,
        useFactory: (publisher: EventPublisher, clock: Clock) =>
          new PublishedEventLog(
            publisher,
            clock,
            new LogQueue(config.logPatienceMs, shareOf(config.messaging.publisherBytes)),
          ),
        inject: [EventPublisher, Clock],
      },
    ],
  };
}

/** A flood of one tenant leaves most of the publisher's memory to the others. */
function shareOf(publisherBytes = 64 * MIB): number {
  return Math.max(2 * MIB, publisherBytes / 4);
}
