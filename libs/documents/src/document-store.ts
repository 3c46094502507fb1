import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { attachment } from './content-disposition';
import { DocumentRef, documentKey } from './document-key';
import { DocumentStoreUnavailable } from './document-store-unavailable.error';

/** Exactly what a document is; an upload of anything else is refused by its signature. */
export interface DocumentContent {
  contentType: string;
  /** Bytes. */
  size: number;
  /** SHA-256 in lower-case hexadecimal. */
  sha256: string;
}

/** A PUT that a client may make, without credentials of its own, until it expires. */
export interface PresignedUpload {
  method: 'PUT';
  url: string;
  /** To be sent exactly as they are; Content-Length besides, which every client adds by itself. */
  headers: Record<string, string>;
  expiresAt: Date;
}

/** A GET likewise. */
export interface PresignedDownload {
  url: string;
  expiresAt: Date;
}

const UPLOAD_SECONDS = 600;
const DOWNLOAD_SECONDS = 300;
const TIMEOUT_MS = 5_000;

/**
 * Documents of tenants in one private S3 bucket. Bytes go between client and S3; this side only signs and looks.
 *
 * The signature of an upload covers type, length and SHA-256, so S3 itself refuses other bytes: a second PUT within
 * the time can only write the same document again. Needs the rights PutObject, GetObject and ListBucket (without the
 * last S3 answers 403 for what is not there).
 */
export class DocumentStore implements OnApplicationShutdown {
  /**
   * @param client asks S3; closed with this store
   * @param signer has the address that clients use; may be the same client
   */
  constructor(
    private readonly bucket: string,
    private readonly client: S3Client,
    private readonly signer: S3Client,
    private readonly clock: Clock,
  ) {}

  /** @throws DocumentStoreUnavailable */
  async presignUpload(ref: DocumentRef, content: DocumentContent): Promise<PresignedUpload> {
    const checksum = Buffer.from(content.sha256, 'hex').toString('base64');
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: documentKey(ref),
      ContentType: content.contentType,
      ContentLength: content.size,
      ChecksumSHA256: checksum,
    });
    const { url, expiresAt } = await this.sign(command, UPLOAD_SECONDS);
    return {
      method: 'PUT',
      url,
      headers: { 'content-type': content.contentType, 'x-amz-checksum-sha256': checksum },
      expiresAt,
    };
  }

  /** Saved under `fileName`, never shown in place. @throws DocumentStoreUnavailable */
  presignDownload(
    ref: DocumentRef,
    { fileName, contentType }: { fileName: string; contentType: string },
  ): Promise<PresignedDownload> {
    const command = new GetObjectCommand({
      Bucket: this.bucket,
      Key: documentKey(ref),
      ResponseContentDisposition: attachment(fileName),
      ResponseContentType: contentType,
      ResponseCacheControl: 'private, no-store',
    });
    return this.sign(command, DOWNLOAD_SECONDS);
  }

  /** Whether exactly this content was uploaded. @throws DocumentStoreUnavailable */
  async holds(ref: DocumentRef, content: DocumentContent): Promise<boolean> {
    const command = new HeadObjectCommand({
      Bucket: this.bucket,
      Key: documentKey(ref),
      ChecksumMode: 'ENABLED',
    });
    try {
      const found = await this.client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
      return (
        found.ContentLength === content.size &&
        found.ContentType === content.contentType &&
        found.ChecksumSHA256 === Buffer.from(content.sha256, 'hex').toString('base64')
      );
    } catch (error) {
      if (isMissing(error)) return false;
      throw new DocumentStoreUnavailable(error);
    }
  }

  onApplicationShutdown(): void {
    this.client.destroy();
    this.signer.destroy();
  }

  private async sign(
    command: PutObjectCommand | GetObjectCommand,
    expiresIn: number,
  ): Promise<PresignedDownload> {
    const signingDate = this.clock.now();
    try {
      const url = await getSignedUrl(this.signer, command, {
        expiresIn,
        signingDate,
        // by itself the SDK signs no type, and moves the checksum into the query, where no server must compare it
        signableHeaders: new Set(['content-type']),
        unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      });
      return { url, expiresAt: new Date(signingDate.getTime() + expiresIn * 1000) };
    } catch (error) {
      throw new DocumentStoreUnavailable(error);
    }
  }
}

function isMissing(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;
}
