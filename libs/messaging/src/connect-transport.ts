import { INestApplication } from '@nestjs/common';
import { BatchServer } from './batch-server';
import { RethrowFilter } from './rethrow.filter';

/** Connects a transport to an application; `app.startAllMicroservices()` then starts it. */
export function connectTransport(app: INestApplication, transport: BatchServer): void {
  app.connectMicroservice({ strategy: transport }).useGlobalFilters(new RethrowFilter());
}
