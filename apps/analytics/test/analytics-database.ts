import { Provider } from '@nestjs/common';
import { openContext, TestDatabase } from '@libs/testing';

export const TEST_PSEUDONYM_SECRET = 'a secret of pseudonyms for tests only';

/** Adapters of this context, connected as `role` would be. */
export function openAnalytics(database: TestDatabase, role: string, providers: Provider[]) {
  return openContext(database, { schema: 'analytics', role, providers });
}
