import { AwsSettings, sqsClient } from '@libs/aws';
import { BatchServer } from './batch-server';
import { SqsQueueServer } from './sqs/sqs-queue-server';
import { QueueTransportOptions } from './queue-transport.options';

/** The transport for the one handler of an SQS queue. */
export function queueTransport(aws: AwsSettings, options: QueueTransportOptions): BatchServer {
  return new SqsQueueServer(sqsClient(aws), options);
}
