import { Injectable } from '@nestjs/common';
import { Clock, ReleaseId, TenantId, TenantTransaction, isUuid } from '@libs/kernel';
import { DocumentNotFound, DocumentNotUploaded } from '../domain/document.errors';
import { DocumentRepository } from '../domain/document.repository';
import { DocumentView, viewOf } from './document-view';
import { ReceiptStore } from './receipt-store';

/** Takes note that a document's bytes have arrived, once the store says so. Harmless to repeat. */
@Injectable()
export class CompleteDocument {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly documents: DocumentRepository,
    private readonly store: ReceiptStore,
    private readonly clock: Clock,
  ) {}

  /** @throws DocumentNotFound, DocumentNotUploaded */
  async execute(tenantId: TenantId, releaseId: string, id: string): Promise<DocumentView> {
    if (!isUuid(releaseId) || !isUuid(id)) throw new DocumentNotFound();
    const found = await this.transaction.run(() => this.documents.find(tenantId, releaseId as ReleaseId, id));
    if (!found) throw new DocumentNotFound();
    if (found.isStored) return viewOf(found, this.store, true);
    // no transaction is open while the store is asked: it may take seconds
    if (!(await this.store.holds(found))) throw new DocumentNotUploaded();
    const document = found.stored(this.clock.now());
    await this.transaction.run(() => this.documents.markStored(document));
    return viewOf(document, this.store, true);
  }
}
