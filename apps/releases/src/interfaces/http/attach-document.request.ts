import { IsText, PageQuery, check, readCursor, writeCursor } from '@libs/http';
import { isUuid } from '@libs/kernel';
import { ApiProperty } from '@nestjs/swagger';
import { DocumentView } from '../../application/document-view';
import { DOCUMENT_TYPES, MAX_DOCUMENT_BYTES } from '../../domain/release-document';

/** The body of POST /releases/:id/documents: exactly what will be uploaded. */
export class AttachDocumentRequest {
  @IsText({ max: 200, example: 'nota-fiscal.pdf', description: 'What people see; no path of anything.' })
  name!: string;

  @ApiProperty({ enum: DOCUMENT_TYPES })
  @check('contentType', 'malformed_content_type', (value) => typeof value === 'string', 'must be text')
  contentType!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: MAX_DOCUMENT_BYTES, description: 'Bytes.' })
  @check('size', 'malformed_size', Number.isSafeInteger, 'must be a whole number of bytes')
  size!: number;

  @ApiProperty({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the bytes, lower-case hexadecimal.' })
  @check(
    'sha256',
    'malformed_sha256',
    (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
    'must be 64 lower-case hexadecimal digits',
  )
  sha256!: string;
}

export class ListDocumentsQuery extends PageQuery {}

export function documentCursorOf({ document }: DocumentView): string {
  return writeCursor([document.state.id]);
}

/** @throws MalformedInput `malformed_cursor` */
export function documentAfter(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : readCursor(cursor, [isUuid])[0];
}
