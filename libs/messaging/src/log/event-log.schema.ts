import { defineSchema } from '@libs/database';
import { CreateEventLog1795300000000 } from './migrations/1795300000000-create-event-log';
import { PackEventLog1795500000060 } from './migrations/1795500000060-pack-event-log';

/** The event log in PostgreSQL, used where there is no Kafka. Only the role `event_log` may enter it. */
export const eventLogSchema = defineSchema({
  name: 'event_log',
  migrations: [CreateEventLog1795300000000, PackEventLog1795500000060],
  roles: ['event_log'],
});
