import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@libs/database';
import { DocumentsModule } from '@libs/documents';
import { Clock, SystemClock } from '@libs/kernel';
import { MessagingModule, QueueModule, QueueSender } from '@libs/messaging';
import { RedisModule } from '@libs/redis';
import { DirectoryModule, SecurityModule } from '@libs/security';
import { AcceptRelease } from './application/accept-release';
import { AcceptReleaseBatch } from './application/accept-release-batch';
import { AcceptancePolicy } from './application/acceptance-policy';
import { AttachDocument } from './application/attach-document';
import { CompleteDocument } from './application/complete-document';
import { GetRelease } from './application/get-release';
import { ListDocuments } from './application/list-documents';
import { ListReleases } from './application/list-releases';
import { ReceiptStore } from './application/receipt-store';
import { ReleaseQueue } from './application/release-queue';
import { ReleaseReader } from './application/release-reader';
import { DocumentRepository } from './domain/document.repository';
import { InputHasher, ReleaseIds } from './domain/release-ids';
import { HmacReleaseIds } from './infrastructure/crypto/hmac-release-ids';
import { Sha256InputHasher } from './infrastructure/crypto/sha256-input-hasher';
import { PostgresDocumentRepository } from './infrastructure/postgres/postgres-document.repository';
import { PostgresReleaseReader } from './infrastructure/postgres/postgres-release.reader';
import { S3ReceiptStore } from './infrastructure/s3/s3-receipt-store';
import { SqsReleaseQueue } from './infrastructure/sqs/sqs-release-queue';
import { ReleaseDocumentsController } from './interfaces/http/release-documents.controller';
import { ReleasesController } from './interfaces/http/releases.controller';
import { ReleasesConfig } from './releases.config';

/** The HTTP API: accepts releases into the queue and shows what became of them; writes no table but the receipts'. */
@Module({})
export class ReleasesModule {
  static forRoot(config: ReleasesConfig): DynamicModule {
    // The same objects wherever they are imported: Nest would make a second one of a second description.
    const redis = RedisModule.forRoot(config.redis);
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({ name: 'releases-api', schema: 'releases', ...config.database });
    const directory = DirectoryModule.forRoot(config.hosts, {
      imports: [database],
      schema: 'releases',
      apiKeys: true,
    });
    return {
      module: ReleasesModule,
      imports: [
        redis,
        database,
        SecurityModule.forRoot(config.security, {
          imports: [redis, directory, messaging],
          apiKeys: config.apiKeys,
        }),
        QueueModule.forRoot(config.aws),
        DocumentsModule.forRoot(config.aws, config.documents),
      ],
      controllers: [ReleasesController, ReleaseDocumentsController],
      providers: [
        AcceptRelease,
        AcceptReleaseBatch,
        GetRelease,
        ListReleases,
        AttachDocument,
        CompleteDocument,
        ListDocuments,
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
        { provide: DocumentRepository, useClass: PostgresDocumentRepository },
        { provide: ReceiptStore, useClass: S3ReceiptStore },
        { provide: ReleaseReader, useClass: PostgresReleaseReader },
      ],
    };
  }
}
