import { DynamicModule, Module } from '@nestjs/common';
import { AwsSettings, sqsClient } from '@libs/aws';
import { QueueSender } from './queue-sender';
import { SqsQueueSender } from './sqs/sqs-queue-sender';

/** Binds QueueSender to SQS. */
@Module({})
export class QueueModule {
  static forRoot(aws: AwsSettings): DynamicModule {
    return {
      module: QueueModule,
      providers: [{ provide: QueueSender, useFactory: () => new SqsQueueSender(sqsClient(aws)) }],
      exports: [QueueSender],
    };
  }
}
