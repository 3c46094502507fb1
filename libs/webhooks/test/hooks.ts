import type { Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DatabaseModule, SqlSession } from '@libs/database';
import {
  Clock,
  DeliveryToTell,
  newId,
  requestContext,
  SystemClock,
  TenantId,
  TenantTransaction,
  WebhookBodies,
} from '@libs/kernel';
import { TestDatabase } from '@libs/testing';
import { HostResolver } from '../src/guard/host-resolver';
import { DeliverLane } from '../src/sending/deliver-lane';
import { DispatcherLimits, WebhookDispatcher } from '../src/sending/webhook-dispatcher';
import { SenderLimits, WebhookSender } from '../src/sending/webhook-sender';
import { WebhookGuard } from '../src/guard/webhook-guard';
import { SendingStore } from '../src/postgres/sending-store';
import { WebhookEvents } from '../src/webhook';
import { FakeResolver, LOOPBACK } from './fake-resolver';
import { enqueuingWebhooks, managingWebhooks, sendingWebhooks } from '../src/webhook.providers';

export const TEST_SECRET = 'a secret of webhooks, for tests only';

const SETTINGS = { secret: TEST_SECRET, allowedNetworks: LOOPBACK };

/** Tells what the test has for a subject; nothing once it was erased. */
export class FakeBodies extends WebhookBodies {
  readonly erased = new Set<string>();
  failing = false;

  async of({ subject }: DeliveryToTell): Promise<object | undefined> {
    if (this.failing) throw new Error('the raw store cannot be read');
    const { key } = subject as { key: string };
    return this.erased.has(key) ? undefined : { key, note: 'olá' };
  }
}

const KNOWN: WebhookEvents = { knows: (event) => /^(event\.\w+|event\.\*|alert\.fired)$/.test(event) };

export interface WorkerOptions {
  limits?: Partial<SenderLimits>;
  dispatcher?: Partial<DispatcherLimits>;
  bodies?: FakeBodies;
  resolver?: HostResolver;
}

async function opened(database: TestDatabase, role: string, providers: Provider[]) {
  const module = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRoot({ name: role, url: database.urlFor(role), poolMax: 10, schema: 'hooks' }),
    ],
    providers: [{ provide: Clock, useClass: SystemClock }, ...providers],
  }).compile();
  const transaction = module.get(TenantTransaction);
  return {
    get: module.get.bind(module),
    start: () => module.init(),
    transaction,
    sql: module.get(SqlSession),
    as: <T>(tenantId: TenantId, work: () => Promise<T>): Promise<T> =>
      requestContext.run({ requestId: newId(), tenantId }, work),
    close: () => module.close(),
  };
}

/** The API's half, as its role. */
export function openApi(database: TestDatabase, resolver: HostResolver = new FakeResolver()) {
  return opened(database, 'hooks_api', [
    ...managingWebhooks('hooks', SETTINGS),
    { provide: WebhookEvents, useValue: KNOWN },
    { provide: HostResolver, useValue: resolver },
  ]);
}

/** The worker's half, as its role; sends from `start` on. */
export function openWorker(database: TestDatabase, options: WorkerOptions = {}) {
  // a try that is cut off on a busy machine would be made again in 10 s
  const limits = { connectMs: 5_000, totalMs: 8_000, ...options.limits };
  const dispatcher = {
    atOnce: 32,
    perWebhook: 4,
    depth: 8,
    pollMs: 50,
    patienceMs: 500,
    ...options.dispatcher,
  };
  return opened(database, 'hooks_worker', [
    ...sendingWebhooks('hooks', SETTINGS),
    ...enqueuingWebhooks('hooks'),
    { provide: WebhookBodies, useValue: options.bodies ?? new FakeBodies() },
    { provide: HostResolver, useValue: options.resolver ?? new FakeResolver() },
    {
      provide: WebhookSender,
      useFactory: (guard: WebhookGuard, clock: Clock) => new WebhookSender(guard, clock, limits),
      inject: [WebhookGuard, Clock],
    },
    {
      provide: WebhookDispatcher,
      useFactory: (store: SendingStore, lane: DeliverLane) =>
        new WebhookDispatcher('hooks', store, lane, dispatcher),
      inject: [SendingStore, DeliverLane],
    },
  ]);
}

export type Api = Awaited<ReturnType<typeof openApi>>;
export type WorkerHalf = Awaited<ReturnType<typeof openWorker>>;
