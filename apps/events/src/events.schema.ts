import { defineSchema } from '@libs/database';
import { CreateEvents1795500000000 } from './infrastructure/postgres/migrations/1795500000000-create-events';

export const eventsSchema = defineSchema({
  name: 'events',
  migrations: [CreateEvents1795500000000],
  roles: ['events_api', 'events_worker', 'events_relay'],
});
