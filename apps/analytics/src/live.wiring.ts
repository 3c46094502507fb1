import { LiveFeed } from './application/live/live-feed';
import { LiveReader } from './application/live/live.reader';
import { PostgresLiveReader } from './infrastructure/postgres/postgres-live.reader';
import { StreamController } from './interfaces/http/stream.controller';
import { LiveAudience } from './interfaces/ws/live-audience';
import { LiveMetrics } from './interfaces/ws/live-metrics';
import { LiveController } from './interfaces/ws/live.controller';
import { LiveGateway } from './interfaces/ws/live.gateway';
import { Wiring } from './wiring';

/** What is going on right now, told as it changes: server-sent events, and a WebSocket. */
export const live: Wiring = {
  controllers: [StreamController, LiveController],
  providers: [
    LiveFeed,
    LiveAudience,
    LiveMetrics,
    LiveGateway,
    { provide: LiveReader, useClass: PostgresLiveReader },
  ],
};
