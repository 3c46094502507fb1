import { string, url } from '@libs/config';

/** Where the documents of tenants are kept. */
export interface DocumentsSettings {
  bucket: string;
  /** Where clients reach the bucket, when it is not where we do. */
  publicEndpoint?: string;
}

export function documentsSettings() {
  return {
    bucket: string('S3_BUCKET', {
      pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      example: 'moneyflow-documents',
      about:
        'The bucket of documents (receipts), private; its CORS rules let the frontends PUT and GET with their own headers.',
    }),
    publicEndpoint: url('S3_PUBLIC_ENDPOINT', {
      optional: true,
      protocols: ['http', 'https'],
      about:
        'Where clients reach S3 when S3_ENDPOINT is an address inside the cluster: presigned URLs name this one.',
      example: 'http://localhost:4566',
    }),
  };
}
