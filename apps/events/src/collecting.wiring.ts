import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EventPublisher } from '@libs/kernel';
import { CollectEvents } from './application/collect-events';
import { Countries } from './application/countries';
import { EventJudge } from './application/event-judge';
import { EventLog } from './application/event-log';
import { RecentEvents } from './application/recent-events';
import { EventsConfig } from './events.config';
import { MmdbCountries } from './infrastructure/countries/mmdb-countries';
import { JudgeOnThreads } from './infrastructure/judging/judge-on-threads';
import { JudgeStart } from './infrastructure/judging/judge-protocol';
import { LogQueue } from './infrastructure/log/log-queue';
import { PublishedEventLog } from './infrastructure/log/published-event-log';
import { TenantShares } from './infrastructure/log/tenant-shares';
import { RecentEventTable } from './infrastructure/memory/recent-event-table';
import { CollectController } from './interfaces/http/collect.controller';
import { EventSenders } from './interfaces/http/event-senders';
import { judgeHere } from './judging.wiring';
import { Wiring } from './wiring';

const MIB = 1024 * 1024;

/** The collector: from a request to the log. */
export function collecting(config: EventsConfig): Wiring {
  return {
    controllers: [CollectController],
    providers: [
      CollectEvents,
      EventSenders,
      { provide: EventJudge, useFactory: () => judging(config) },
      { provide: Countries, useFactory: () => MmdbCountries.open(config.countriesFile) },
      { provide: RecentEvents, useClass: RecentEventTable },
      {
        provide: EventLog,
        useFactory: (publisher: EventPublisher) =>
          new PublishedEventLog(
            publisher,
            new LogQueue(config.logPatienceMs, shareOf(config.messaging.publisherBytes)),
          ),
        inject: [EventPublisher],
      },
    ],
  };
}

function judging({ judgingThreads: threads, pseudonymSecret, messaging }: EventsConfig): EventJudge {
  const here = judgeHere(pseudonymSecret);
  if (threads === 0) return here;
  const workerData: JudgeStart = { pseudonymSecret };
  return new JudgeOnThreads(here, {
    threads,
    start: () => new Worker(join(__dirname, 'judging.thread.js'), { workerData }),
    shares: new TenantShares(shareOf(messaging.publisherBytes), messaging.publisherBytes ?? 64 * MIB),
  });
}

/** A flood of one tenant leaves most of the publisher's memory to the others. */
function shareOf(publisherBytes = 64 * MIB): number {
  return Math.max(2 * MIB, publisherBytes / 4);
}
