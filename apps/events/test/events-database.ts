import { Provider } from '@nestjs/common';
import { openContext, TestDatabase } from '@libs/testing';

/** Adapters of this context, connected as `role` would be. */
export function openEvents(database: TestDatabase, role: string, providers: Provider[]) {
  return openContext(database, { schema: 'events', role, providers });
}
