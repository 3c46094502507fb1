import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AwsSettings } from './aws.settings';

/** Longer than a long poll (20 s), so that a poll never times out on our side. */
const REQUEST_TIMEOUT_MS = 25_000;
const CONNECTION_TIMEOUT_MS = 2_000;
const SOCKETS = 64;

/** A client for queues; whoever makes it destroys it. */
export function sqsClient(settings: AwsSettings): SQSClient {
  return new SQSClient({
    ...shared(settings, settings.sqsEndpoint),
    // An emulator names its queues by a host that need not resolve; the endpoint is the address then.
    useQueueUrlAsEndpoint: !settings.sqsEndpoint,
  });
}

/** A client for buckets; whoever makes it destroys it. */
export function s3Client(settings: AwsSettings): S3Client {
  return new S3Client({
    ...shared(settings, settings.s3Endpoint),
    forcePathStyle: Boolean(settings.s3Endpoint),
  });
}

function shared(settings: AwsSettings, endpoint: string | undefined) {
  return {
    region: settings.region,
    endpoint,
    credentials: credentials(settings, endpoint),
    maxAttempts: 2,
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true, // else it is only warned of
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  };
}

function credentials(settings: AwsSettings, endpoint: string | undefined) {
  const { accessKeyId, secretAccessKey } = settings;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  // An emulator checks no keys, and without any the SDK would look for a role on the network.
  return endpoint ? { accessKeyId: 'emulator', secretAccessKey: 'emulator' } : undefined;
}
