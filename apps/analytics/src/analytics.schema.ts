import { defineSchema } from '@libs/database';
import { CreateAnalytics1795600000000 } from './infrastructure/postgres/migrations/1795600000000-create-analytics';
import { CreateRawEvents1795600000010 } from './infrastructure/postgres/migrations/1795600000010-create-raw-events';
import { CreateRollups1795600000020 } from './infrastructure/postgres/migrations/1795600000020-create-rollups';
import { CreateSessions1795600000030 } from './infrastructure/postgres/migrations/1795600000030-create-sessions';
import { CreateErasures1795600000040 } from './infrastructure/postgres/migrations/1795600000040-create-erasures';
import { SummariseEvents1795600000050 } from './infrastructure/postgres/migrations/1795600000050-summarise-events';
import { CreateWebhooks1795600000060 } from './infrastructure/postgres/migrations/1795600000060-create-webhooks';
import { CreateAlerts1795600000070 } from './infrastructure/postgres/migrations/1795600000070-create-alerts';
import { CreateSpans1795600000080 } from './infrastructure/postgres/migrations/1795600000080-create-spans';
import { TellLiveStates1795600000090 } from './infrastructure/postgres/migrations/1795600000090-tell-live-states';
import { KeepHours1795600000100 } from './infrastructure/postgres/migrations/1795600000100-keep-hours';
import { DropMonthsByName1795600000110 } from './infrastructure/postgres/migrations/1795600000110-drop-months-by-name';
import { FindSessionsByKey1795600000120 } from './infrastructure/postgres/migrations/1795600000120-find-sessions-by-key';
import { RestDays1795600000180 } from './infrastructure/postgres/migrations/1795600000180-rest-days';
import { SendWebhooksInLanes1795600000200 } from './infrastructure/postgres/migrations/1795600000200-send-webhooks-in-lanes';
import { KeepFewValues1795600000210 } from './infrastructure/postgres/migrations/1795600000210-keep-few-values';

export const analyticsSchema = defineSchema({
  name: 'analytics',
  migrations: [
    CreateAnalytics1795600000000,
    CreateRawEvents1795600000010,
    CreateRollups1795600000020,
    CreateSessions1795600000030,
    CreateErasures1795600000040,
    SummariseEvents1795600000050,
    CreateWebhooks1795600000060,
    CreateAlerts1795600000070,
    CreateSpans1795600000080,
    TellLiveStates1795600000090,
    KeepHours1795600000100,
    DropMonthsByName1795600000110,
    FindSessionsByKey1795600000120,
    RestDays1795600000180,
    SendWebhooksInLanes1795600000200,
    KeepFewValues1795600000210,
  ],
  roles: ['analytics_api', 'analytics_worker', 'analytics_relay'],
});
