import { Injectable } from '@nestjs/common';
import { ReleaseId, TenantId, TenantTransaction, isUuid } from '@libs/kernel';
import { DocumentNotFound } from '../domain/document.errors';
import { DocumentRepository } from '../domain/document.repository';
import { DocumentView, viewOf } from './document-view';
import { GetRelease } from './get-release';
import { ReceiptStore } from './receipt-store';

/** Shows a release's documents, each with a link to upload or download its bytes. */
@Injectable()
export class ListDocuments {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly getRelease: GetRelease,
    private readonly documents: DocumentRepository,
    private readonly store: ReceiptStore,
  ) {}

  /** Oldest first, one more than `limit` where there is more. @throws ReleaseNotFound */
  async execute(
    tenantId: TenantId,
    releaseId: string,
    page: { after?: string; limit: number; mayUpload: boolean },
  ): Promise<DocumentView[]> {
    const { id } = await this.getRelease.execute(tenantId, releaseId);
    const found = await this.transaction.run(() =>
      this.documents.list(tenantId, id as ReleaseId, page.after, page.limit + 1),
    );
    return Promise.all(found.map((document) => viewOf(document, this.store, page.mayUpload)));
  }

  /** @throws DocumentNotFound */
  async one(tenantId: TenantId, releaseId: string, id: string, mayUpload: boolean): Promise<DocumentView> {
    if (!isUuid(releaseId) || !isUuid(id)) throw new DocumentNotFound();
    const found = await this.transaction.run(() => this.documents.find(tenantId, releaseId as ReleaseId, id));
    if (!found) throw new DocumentNotFound();
    return viewOf(found, this.store, mayUpload);
  }
}
