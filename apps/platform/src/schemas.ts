import { SchemaDefinition } from '@libs/database';
import { eventLogSchema } from '@libs/messaging';
import { analyticsSchema } from '../../analytics/src/analytics.schema';
import { authSchema } from '../../auth/src/auth.schema';
import { consolidatedSchema } from '../../consolidated/src/consolidated.schema';
import { eventsSchema } from '../../events/src/events.schema';
import { releasesSchema } from '../../releases/src/releases.schema';

/** Every schema of the one database. */
export const schemas: readonly SchemaDefinition[] = [
  authSchema,
  releasesSchema,
  consolidatedSchema,
  eventsSchema,
  analyticsSchema,
  eventLogSchema,
];
