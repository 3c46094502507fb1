import { Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DatabaseModule, SqlSession } from '@libs/database';
import {
  Clock,
  EventPublisher,
  newId,
  OutgoingMessage,
  requestContext,
  SystemClock,
  TenantId,
  TenantTransaction,
} from '@libs/kernel';
import { TestDatabase } from './postgres';

/** Keeps what was published, and sends it nowhere. */
export class KeptMessages extends EventPublisher {
  readonly sent: (OutgoingMessage & { topic: string })[] = [];

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    this.sent.push(...messages.map((message) => ({ ...message, topic })));
  }
}

/** Adapters of the context that owns `schema`, connected as `role` would be, without its HTTP and its log. */
export async function openContext(
  database: TestDatabase,
  { schema, role, providers }: { schema: string; role: string; providers: Provider[] },
) {
  const publisher = new KeptMessages();
  const module = await Test.createTestingModule({
    imports: [DatabaseModule.forRoot({ name: role, url: database.urlFor(role), poolMax: 8, schema })],
    providers: [
      { provide: Clock, useClass: SystemClock },
      { provide: EventPublisher, useValue: publisher },
      ...providers,
    ],
  }).compile();
  const transaction = module.get(TenantTransaction);
  return {
    get: module.get.bind(module),
    publisher,
    transaction,
    sql: module.get(SqlSession),

    /** As a request of `tenantId` would. */
    as<T>(tenantId: TenantId, work: () => Promise<T>): Promise<T> {
      return requestContext.run({ requestId: newId(), tenantId }, () => transaction.run(work));
    },

    close: () => module.close(),
  };
}
