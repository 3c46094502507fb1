import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createConsumingApp } from '@libs/tracked-events';
import { EventsSinkConfig } from './events.config';
import { EventsSinkModule } from './sink.module';

/** The consumer group of every topic that the sinks read. */
const SINK_GROUP = 'events.sink';

/** The sinks, consuming as soon as this resolves. */
export function createEventsSink(config: EventsSinkConfig): Promise<NestFastifyApplication> {
  return createConsumingApp({
    name: 'events-sink',
    title: 'MoneyFlow events sink',
    group: SINK_GROUP,
    module: EventsSinkModule.forRoot(config),
    settings: config,
  });
}
