import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { QueueModule, QueueSender } from '@libs/messaging';
import { RedisModule } from '@libs/redis';
import { SecurityModule } from '@libs/security';
import { AcceptRelease } from './application/accept-release';
import { AcceptReleaseBatch } from './application/accept-release-batch';
import { AcceptancePolicy } from './application/acceptance-policy';
import { GetRelease } from './application/get-release';
import { ListReleases } from './application/list-releases';
import { ReleaseQueue } from './application/release-queue';
import { ReleaseReader } from './application/release-reader';
import { InputHasher, ReleaseIds } from './domain/release-ids';
import { HmacReleaseIds } from './infrastructure/crypto/hmac-release-ids';
import { Sha256InputHasher } from './infrastructure/crypto/sha256-input-hasher';
import { PostgresReleaseReader } from './infrastructure/postgres/postgres-release.reader';
import { SqsReleaseQueue } from './infrastructure/sqs/sqs-release-queue';
import { ReleasesController } from './interfaces/http/releases.controller';
import { ReleasesConfig } from './releases.config';

/** The HTTP API: accepts releases into the queue and shows what became of them. It writes to no table. */
@Module({})
export class ReleasesModule {
  static forRoot(config: ReleasesConfig): DynamicModule {
    const redis = RedisModule.forRoot(config.redis);
    return {
      module: ReleasesModule,
      imports: [
        redis,
        SecurityModule.forRoot(config.security, { imports: [redis] }),
        DatabaseModule.forRoot({ name: 'releases-api', schema: 'releases', ...config.database }),
        QueueModule.forRoot(config.aws),
      ],
      controllers: [ReleasesController],
      providers: [
        AcceptRelease,
        AcceptReleaseBatch,
        GetRelease,
        ListReleases,
        { provide: Clock, useClass: SystemClock },
        {
          provide: AcceptancePolicy,
          useFactory: (clock: Clock) => new AcceptancePolicy(clock, config.maxFutureDays),
          inject: [Clock],
        },
        { provide: ReleaseIds, useFactory: () => new HmacReleaseIds(config.idSecret) },
        { provide: InputHasher, useClass: Sha256InputHasher },
        {
          provide: ReleaseQueue,
          useFactory: (sender: QueueSender, clock: Clock) =>
            new SqsReleaseQueue(sender, config.queueUrl, clock),
          inject: [QueueSender, Clock],
        },
        { provide: ReleaseReader, useClass: PostgresReleaseReader },
      ],
    };
  }
}
