import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Idempotent, Page, pageOf } from '@libs/http';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { AttachDocument } from '../../application/attach-document';
import { CompleteDocument } from '../../application/complete-document';
import { ListDocuments } from '../../application/list-documents';
import {
  AttachDocumentRequest,
  ListDocumentsQuery,
  documentAfter,
  documentCursorOf,
} from './attach-document.request';
import { DocumentPageResponse, DocumentResponse, documentResponse } from './document.response';

const NOT_FOUND = {
  status: 404,
  description: "document_not_found, release_not_found; also for another tenant's",
};
const STORE_AWAY = { status: 503, description: 'document_store_unavailable' };

/** Receipts of a release. The bytes go between the client and S3, by links that only these answers give. */
@ApiTags('releases')
@Controller('releases/:id/documents')
export class ReleaseDocumentsController {
  constructor(
    private readonly attachDocument: AttachDocument,
    private readonly completeDocument: CompleteDocument,
    private readonly listDocuments: ListDocuments,
  ) {}

  @Post()
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @Authorize({ scopes: ['releases:write'], keys: true })
  @Idempotent()
  @ApiOperation({
    summary: 'Attach a receipt: say what it is, get the link to upload it',
    description:
      'PDF, JPEG or PNG of at most 10 MiB. PUT the bytes to `upload.url` with `upload.headers` within ten minutes; the store refuses any other type, length or content. Then POST …/complete. A replay of the answer may hold a link that has expired: GET the document for a fresh one.',
  })
  @ApiResponse({ status: 201, type: DocumentResponse })
  @ApiResponse(NOT_FOUND)
  @ApiResponse({ status: 409, description: 'release_rejected, too_many_documents' })
  @ApiResponse({ status: 422, description: 'document_type_refused, document_size_refused' })
  @ApiResponse(STORE_AWAY)
  async attach(
    @Param('id') id: string,
    @Body() body: AttachDocumentRequest,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DocumentResponse> {
    return documentResponse(await this.attachDocument.execute(id, body, principal));
  }

  @Post(':documentId/complete')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Authorize({ scopes: ['releases:write'], keys: true })
  @ApiOperation({
    summary: 'Say that the bytes are uploaded',
    description: 'Looks for itself; may be repeated.',
  })
  @ApiResponse({ status: 200, type: DocumentResponse })
  @ApiResponse(NOT_FOUND)
  @ApiResponse({ status: 409, description: 'document_not_uploaded' })
  @ApiResponse(STORE_AWAY)
  async complete(
    @Param('id') id: string,
    @Param('documentId') documentId: string,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<DocumentResponse> {
    return documentResponse(await this.completeDocument.execute(tenantId, id, documentId));
  }

  @Get()
  @Header('cache-control', 'no-store')
  @Authorize({ scopes: ['releases:read'], keys: true })
  @ApiOperation({
    summary: 'The receipts of a release, oldest first',
    description:
      'A stored one with a link to download it (five minutes), a pending one with its upload for who may write.',
  })
  @ApiResponse({ status: 200, type: DocumentPageResponse })
  @ApiResponse(NOT_FOUND)
  async list(
    @Param('id') id: string,
    @Query() query: ListDocumentsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<DocumentResponse>> {
    const views = await this.listDocuments.execute(principal.tenantId, id, {
      after: documentAfter(query.cursor),
      limit: query.limit,
      mayUpload: mayUpload(principal),
    });
    const { items, nextCursor } = pageOf(views, query.limit, documentCursorOf);
    return { items: items.map(documentResponse), nextCursor };
  }

  @Get(':documentId')
  @Header('cache-control', 'no-store')
  @Authorize({ scopes: ['releases:read'], keys: true })
  @ApiOperation({ summary: 'One receipt, with a fresh link' })
  @ApiResponse({ status: 200, type: DocumentResponse })
  @ApiResponse(NOT_FOUND)
  async get(
    @Param('id') id: string,
    @Param('documentId') documentId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<DocumentResponse> {
    const { tenantId } = principal;
    return documentResponse(await this.listDocuments.one(tenantId, id, documentId, mayUpload(principal)));
  }
}

function mayUpload({ scopes }: Principal): boolean {
  return scopes.includes('releases:write');
}
