import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DocumentView } from '../../application/document-view';
import { DOCUMENT_TYPES } from '../../domain/release-document';

export class UploadResponse {
  @ApiProperty({ enum: ['PUT'] }) method!: 'PUT';
  @ApiProperty({ format: 'uri' }) url!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Send each exactly as it is: the signature covers them, and the length.',
  })
  headers!: Record<string, string>;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
}

export class DownloadResponse {
  @ApiProperty({ format: 'uri' }) url!: string;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
}

export class DocumentResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: ['pending', 'stored'] }) status!: 'pending' | 'stored';
  @ApiProperty() name!: string;
  @ApiProperty({ enum: DOCUMENT_TYPES }) contentType!: string;
  @ApiProperty({ description: 'Bytes.' }) size!: number;
  @ApiProperty() sha256!: string;
  @ApiProperty({ format: 'uuid' }) uploadedBy!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Once stored.' }) storedAt?: string;
  @ApiPropertyOptional({ type: UploadResponse, description: 'While pending: where the bytes go.' })
  upload?: UploadResponse;
  @ApiPropertyOptional({ type: DownloadResponse, description: 'Once stored; saved under its name.' })
  download?: DownloadResponse;
}

export class DocumentPageResponse {
  @ApiProperty({ type: [DocumentResponse] }) items!: DocumentResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}

export function documentResponse({ document, upload, download }: DocumentView): DocumentResponse {
  const { id, name, contentType, size, sha256, uploadedBy, createdAt, storedAt } = document.state;
  return {
    id,
    status: document.isStored ? 'stored' : 'pending',
    name,
    contentType,
    size,
    sha256,
    uploadedBy,
    createdAt: createdAt.toISOString(),
    storedAt: storedAt?.toISOString(),
    upload: upload && { ...upload, expiresAt: upload.expiresAt.toISOString() },
    download: download && { ...download, expiresAt: download.expiresAt.toISOString() },
  };
}
