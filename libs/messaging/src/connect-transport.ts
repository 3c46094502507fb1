import { INestApplication } from '@nestjs/common';
import { NestMicroservice } from '@nestjs/microservices';
import { BatchServer } from './batch-server';
import { RethrowFilter } from './rethrow.filter';

/** Connects a transport to an application; `app.startAllMicroservices()` then starts it. */
export function connectTransport(app: INestApplication, transport: BatchServer): void {
  const microservice = app.connectMicroservice({ strategy: transport }, { deferInitialization: true });
  // Nest takes filters only before it wires the handlers, which it would otherwise have done by now.
  microservice.useGlobalFilters(new RethrowFilter());
  if (!(microservice instanceof NestMicroservice)) throw new Error('not a Nest microservice');
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  // The application runs the hooks of its providers, once.
  microservice.setIsInitHookCalled(true);
}
