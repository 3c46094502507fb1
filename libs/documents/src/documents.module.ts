import { DynamicModule, Module } from '@nestjs/common';
import { AwsSettings, s3Client } from '@libs/aws';
import { SystemClock } from '@libs/kernel';
import { DocumentStore } from './document-store';
import { DocumentsSettings } from './documents.settings';

/** Binds DocumentStore to the bucket of the settings. */
@Module({})
export class DocumentsModule {
  static forRoot(aws: AwsSettings, { bucket, publicEndpoint }: DocumentsSettings): DynamicModule {
    const useFactory = (): DocumentStore => {
      const client = s3Client(aws);
      const signer = publicEndpoint ? s3Client({ ...aws, s3Endpoint: publicEndpoint }) : client;
      return new DocumentStore(bucket, client, signer, new SystemClock());
    };
    return {
      module: DocumentsModule,
      providers: [{ provide: DocumentStore, useFactory }],
      exports: [DocumentStore],
    };
  }
}
