import type { Provider } from '@nestjs/common';
import { RawVisits } from './application/raw-visits';
import { RebuildDay } from './application/rebuild-day';
import { RebuildStore } from './application/rebuild.store';
import { RollupStore } from './application/rollup.store';
import { SessionStore } from './application/session.store';
import { PostgresRebuildStore } from './infrastructure/postgres/postgres-rebuild.store';
import { PostgresRollupStore } from './infrastructure/postgres/postgres-rollup.store';
import { PostgresSessionStore } from './infrastructure/postgres/postgres-session.store';

/** What is made of raw events, and made again: for the worker and for the command. */
export const rebuilding: Provider[] = [
  RebuildDay,
  RawVisits,
  PostgresSessionStore,
  { provide: RollupStore, useClass: PostgresRollupStore },
  { provide: SessionStore, useExisting: PostgresSessionStore },
  { provide: RebuildStore, useClass: PostgresRebuildStore },
];
