import { defineSchema } from '@libs/database';
import { CreateEvents1795500000000 } from './infrastructure/postgres/migrations/1795500000000-create-events';
import { CreateUserEvents1795500000020 } from './infrastructure/postgres/migrations/1795500000020-create-user-events';
import { CreateProjections1795500000030 } from './infrastructure/postgres/migrations/1795500000030-create-projections';
import { CreateErasures1795500000040 } from './infrastructure/postgres/migrations/1795500000040-create-erasures';
import { CreateRejectedEvents1795500000050 } from './infrastructure/postgres/migrations/1795500000050-create-rejected-events';
import { NotifyAlerts1795500000070 } from './infrastructure/postgres/migrations/1795500000070-notify-alerts';
import { TellRetentions1795500000060 } from './infrastructure/postgres/migrations/1795500000060-tell-retentions';
import { DropMonthsByName1795500000080 } from './infrastructure/postgres/migrations/1795500000080-drop-months-by-name';
import { NotifyDisabledWebhooks1795500000090 } from './infrastructure/postgres/migrations/1795500000090-notify-disabled-webhooks';

export const eventsSchema = defineSchema({
  name: 'events',
  migrations: [
    CreateEvents1795500000000,
    CreateUserEvents1795500000020,
    CreateProjections1795500000030,
    CreateErasures1795500000040,
    CreateRejectedEvents1795500000050,
    TellRetentions1795500000060,
    NotifyAlerts1795500000070,
    DropMonthsByName1795500000080,
    NotifyDisabledWebhooks1795500000090,
  ],
  roles: ['events_api', 'events_worker', 'events_relay'],
});
