import { string, url } from '@libs/config';

/** Which AWS: the region, and endpoints where it is an emulator. */
export interface AwsSettings {
  region: string;
  /** Absent for AWS itself. */
  sqsEndpoint?: string;
  /** Absent for AWS itself. */
  s3Endpoint?: string;
  /** Absent on AWS: there the SDK finds the role of the task. */
  accessKeyId?: string;
  secretAccessKey?: string;
}

export function awsSettings() {
  return {
    region: string('AWS_REGION', {
      default: 'sa-east-1',
      about: 'The AWS region of queues, buckets and the user pool.',
    }),
    sqsEndpoint: url('SQS_ENDPOINT', {
      optional: true,
      protocols: ['http', 'https'],
      about: 'Where SQS answers when it is not AWS: an emulator.',
      example: 'http://localhost:4566',
    }),
    s3Endpoint: url('S3_ENDPOINT', {
      optional: true,
      protocols: ['http', 'https'],
      about: 'Where S3 answers when it is not AWS: an emulator or another S3 server.',
      example: 'http://localhost:4566',
    }),
    accessKeyId: string('AWS_ACCESS_KEY_ID', {
      optional: true,
      about: 'Not needed on AWS itself (the role of the task serves) nor for an emulator.',
    }),
    secretAccessKey: string('AWS_SECRET_ACCESS_KEY', {
      optional: true,
      secret: true,
      about: 'Of AWS_ACCESS_KEY_ID.',
    }),
  };
}
