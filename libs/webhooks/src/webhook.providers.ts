import type { Provider } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import {
  Clock,
  EnqueueDeliveries,
  Outbox,
  TenantTransaction,
  WebhookBodies,
  WebhookSubscriptions,
} from '@libs/kernel';
import { PostgresEnqueueDeliveries } from './enqueuing/postgres-enqueue-deliveries';
import { SnapshotWebhookSubscriptions } from './enqueuing/snapshot-webhook-subscriptions';
import { DnsHostResolver, HostResolver } from './guard/host-resolver';
import { WebhookGuard } from './guard/webhook-guard';
import { ChangeWebhook } from './managing/change-webhook';
import { RegisterWebhook } from './managing/register-webhook';
import { RemoveWebhook } from './managing/remove-webhook';
import { ReplayDeliveries } from './managing/replay-deliveries';
import { RotateWebhookSecret } from './managing/rotate-webhook-secret';
import { ShowDeliveries } from './managing/show-deliveries';
import { ShowWebhooks } from './managing/show-webhooks';
import { TestWebhook } from './managing/test-webhook';
import { WebhookAudit } from './managing/webhook-audit';
import { DeliveryLog } from './postgres/delivery-log';
import { SendingStore } from './postgres/sending-store';
import { WebhookStore } from './postgres/webhook-store';
import { DeliverLane } from './sending/deliver-lane';
import { DeliverOne } from './sending/deliver-one';
import { DeliveryResults } from './sending/delivery-results';
import { KeepWebhookLog } from './sending/keep-webhook-log';
import { WebhookDispatcher } from './sending/webhook-dispatcher';
import { WebhookMetrics } from './sending/webhook-metrics';
import { WebhookSender } from './sending/webhook-sender';
import { WebhookSecrets } from './webhook-secrets';
import { WebhookSettings } from './webhook.settings';

/**
 * For an API through which a tenant keeps its webhooks: RegisterWebhook, ShowWebhooks, ChangeWebhook, RemoveWebhook,
 * RotateWebhookSecret, TestWebhook, ShowDeliveries, ReplayDeliveries. Needs the database, Outbox, a Clock, and WebhookEvents, which
 * the application binds. `service` names its schema, and its actions in the audit log.
 */
export function managingWebhooks(service: string, settings: WebhookSettings): Provider[] {
  return [
    ...guarding(settings),
    RegisterWebhook,
    ShowWebhooks,
    ChangeWebhook,
    RemoveWebhook,
    RotateWebhookSecret,
    TestWebhook,
    ShowDeliveries,
    ReplayDeliveries,
    {
      provide: WebhookAudit,
      useFactory: (outbox: Outbox, clock: Clock) => new WebhookAudit(service, outbox, clock),
      inject: [Outbox, Clock],
    },
    {
      provide: WebhookStore,
      useFactory: (sql: SqlSession) => new WebhookStore(sql, service),
      inject: [SqlSession],
    },
    {
      provide: DeliveryLog,
      useFactory: (sql: SqlSession) => new DeliveryLog(sql, service),
      inject: [SqlSession],
    },
  ];
}

/** For whoever has something to tell: EnqueueDeliveries, and WebhookSubscriptions, which says whether anybody wants to know. */
export function enqueuingWebhooks(schema: string): Provider[] {
  return [
    {
      provide: EnqueueDeliveries,
      useFactory: (sql: SqlSession) => new PostgresEnqueueDeliveries(sql, schema),
      inject: [SqlSession],
    },
    {
      provide: WebhookSubscriptions,
      useFactory: (sql: SqlSession) => new SnapshotWebhookSubscriptions(sql, schema),
      inject: [SqlSession],
    },
  ];
}

/**
 * For a worker: sends what is enqueued, from its start to its end. Needs the database with the worker's role, Outbox, a Clock, and
 * WebhookBodies, which the application binds.
 */
export function sendingWebhooks(service: string, settings: WebhookSettings): Provider[] {
  return [
    ...guarding(settings),
    { provide: WebhookMetrics, useFactory: () => new WebhookMetrics(service) },
    {
      provide: SendingStore,
      useFactory: (sql: SqlSession) => new SendingStore(sql, service),
      inject: [SqlSession],
    },
    {
      provide: WebhookSender,
      useFactory: (guard: WebhookGuard, clock: Clock) => new WebhookSender(guard, clock),
      inject: [WebhookGuard, Clock],
    },
    {
      provide: DeliveryResults,
      useFactory: (transaction: TenantTransaction, store: SendingStore, outbox: Outbox) =>
        new DeliveryResults(service, transaction, store, outbox),
      inject: [TenantTransaction, SendingStore, Outbox],
    },
    {
      provide: DeliverOne,
      useFactory: (
        transaction: TenantTransaction,
        store: SendingStore,
        results: DeliveryResults,
        bodies: WebhookBodies,
        secrets: WebhookSecrets,
        sender: WebhookSender,
        metrics: WebhookMetrics,
      ) => new DeliverOne(service, transaction, store, results, bodies, secrets, sender, metrics),
      inject: [
        TenantTransaction,
        SendingStore,
        DeliveryResults,
        WebhookBodies,
        WebhookSecrets,
        WebhookSender,
        WebhookMetrics,
      ],
    },
    {
      provide: DeliverLane,
      useFactory: (transaction: TenantTransaction, store: SendingStore, one: DeliverOne) =>
        new DeliverLane(service, transaction, store, one),
      inject: [TenantTransaction, SendingStore, DeliverOne],
    },
    {
      provide: WebhookDispatcher,
      useFactory: (store: SendingStore, deliverLane: DeliverLane) =>
        new WebhookDispatcher(service, store, deliverLane),
      inject: [SendingStore, DeliverLane],
    },
    {
      provide: KeepWebhookLog,
      useFactory: (store: SendingStore, metrics: WebhookMetrics) =>
        new KeepWebhookLog(service, store, metrics),
      inject: [SendingStore, WebhookMetrics],
    },
  ];
}

function guarding({ secret, allowedNetworks }: WebhookSettings): Provider[] {
  return [
    { provide: WebhookSecrets, useFactory: () => new WebhookSecrets(secret) },
    { provide: HostResolver, useFactory: () => new DnsHostResolver() },
    {
      provide: WebhookGuard,
      useFactory: (resolver: HostResolver) => new WebhookGuard(resolver, allowedNetworks),
      inject: [HostResolver],
    },
  ];
}
