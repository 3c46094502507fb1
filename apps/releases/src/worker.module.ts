import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, RelayModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { MessagingModule, QueueModule, QueueSender } from '@libs/messaging';
import { KeepApiKeyOnApiKeyChanged, KeepDirectoryModule } from '@libs/security';
import { DeadLetterQueue } from './application/dead-letter-queue';
import { KeepTenantCopies } from './application/keep-tenant-copies';
import { PostReleases } from './application/post-releases';
import { RejectReleases } from './application/reject-releases';
import { TenantCopies } from './application/tenant-copies';
import { RejectionRepository } from './domain/rejection';
import { ReleaseRepository } from './domain/release.repository';
import { PostgresRejectionRepository } from './infrastructure/postgres/postgres-rejection.repository';
import { PostgresReleaseRepository } from './infrastructure/postgres/postgres-release.repository';
import { PostgresTenantCopies } from './infrastructure/postgres/postgres-tenant-copies';
import { SqsDeadLetterQueue } from './infrastructure/sqs/sqs-dead-letter-queue';
import { KeepTenantCopiesOnTenantChanged } from './interfaces/messaging/keep-tenant-copies-on-tenant-changed';
import { PostQueuedReleases } from './interfaces/messaging/post-queued-releases.consumer';
import { PostingMetrics } from './interfaces/messaging/posting-metrics';
import { ReleasesWorkerConfig } from './releases.config';

/** The queue worker: posts what the API accepted, and relays the facts of it to the event log. */
@Module({})
export class ReleasesWorkerModule {
  static forRoot(config: ReleasesWorkerConfig): DynamicModule {
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({
      name: 'releases-worker',
      schema: 'releases',
      ...config.database,
    });
    return {
      module: ReleasesWorkerModule,
      imports: [
        messaging,
        database,
        KeepDirectoryModule.forRoot({ imports: [database], schema: 'releases' }),
        RelayModule.forRoot({ imports: [messaging], schema: 'releases', ...config.relay }),
        QueueModule.forRoot(config.aws),
      ],
      controllers: [PostQueuedReleases, KeepTenantCopiesOnTenantChanged, KeepApiKeyOnApiKeyChanged],
      providers: [
        PostReleases,
        RejectReleases,
        KeepTenantCopies,
        PostingMetrics,
        { provide: Clock, useClass: SystemClock },
        { provide: ReleaseRepository, useClass: PostgresReleaseRepository },
        { provide: RejectionRepository, useClass: PostgresRejectionRepository },
        { provide: TenantCopies, useClass: PostgresTenantCopies },
        {
          provide: DeadLetterQueue,
          useFactory: (sender: QueueSender, clock: Clock) =>
            new SqsDeadLetterQueue(sender, config.deadLetterUrl, clock),
          inject: [QueueSender, Clock],
        },
      ],
    };
  }
}
