import { ErasePersons } from '@libs/persons';
import { TestDatabase } from '@libs/testing';
import { FindInsights } from '../src/application/projections/find-insights';
import { StoreEvents } from '../src/application/store-events';
import { EventsSinkConfig } from '../src/events.config';
import { projecting } from '../src/projecting.wiring';
import { storing } from '../src/storing.wiring';
import { openEvents } from './events-database';

/** The sinks' use cases as they are wired, without the log. */
export async function openSink(database: TestDatabase, secret = 'a secret for tests only') {
  const config = { pseudonymSecret: secret } as EventsSinkConfig;
  const opened = await openEvents(database, 'events_worker', [
    ...storing.providers,
    ...projecting(config).providers,
  ]);
  const find = opened.get(FindInsights);
  return {
    ...opened,
    store: opened.get(StoreEvents),
    erase: opened.get(ErasePersons),
    /** Until nothing is left to look at. */
    async findInsights(): Promise<void> {
      while ((await find.execute()) > 0);
    },
  };
}

export type OpenSink = Awaited<ReturnType<typeof openSink>>;
