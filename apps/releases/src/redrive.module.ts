import { DynamicModule, Module } from '@nestjs/common';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsClient } from '@libs/aws';
import { DatabaseModule, DeadLetters, SqlSession, openDataSource } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { QueueModule, QueueSender } from '@libs/messaging';
import { DeadLetterLine, DeadLetterStore, RedriveReleases } from './application/redrive-releases';
import { PostgresDeadLetterStore } from './infrastructure/postgres/postgres-dead-letter.store';
import { OperatorDatabase } from './infrastructure/postgres/operator-database';
import { SqsDeadLetterLine } from './infrastructure/sqs/sqs-dead-letter-line';
import { ReleasesRedriveConfig } from './releases.config';

/** What `npm run releases:redrive` needs: the worker's role to move rows, the operator's to find them. */
@Module({})
export class RedriveModule {
  static forRoot(config: ReleasesRedriveConfig): DynamicModule {
    const { queueUrl, deadLetterUrl } = config;
    return {
      module: RedriveModule,
      imports: [
        DatabaseModule.forRoot({ name: 'releases-redrive', schema: 'releases', ...config.database }),
        QueueModule.forRoot(config.aws),
      ],
      providers: [
        RedriveReleases,
        { provide: Clock, useClass: SystemClock },
        { provide: SQSClient, useFactory: () => sqsClient(config.aws) },
        {
          provide: OperatorDatabase,
          useFactory: async () =>
            new OperatorDatabase(
              await openDataSource({
                name: 'releases-redrive',
                schema: 'releases',
                url: config.operatorUrl,
                urlVariable: 'DATABASE_OPERATOR_URL',
                poolMax: 1,
              }),
            ),
        },
        {
          provide: DeadLetterStore,
          useFactory: (operator: OperatorDatabase, sql: SqlSession, deadLetters: DeadLetters) =>
            new PostgresDeadLetterStore(operator, sql, deadLetters),
          inject: [OperatorDatabase, SqlSession, DeadLetters],
        },
        {
          provide: DeadLetterLine,
          useFactory: (client: SQSClient, sender: QueueSender, clock: Clock) =>
            new SqsDeadLetterLine(client, sender, { queueUrl, deadLetterUrl }, clock),
          inject: [SQSClient, QueueSender, Clock],
        },
      ],
    };
  }
}
