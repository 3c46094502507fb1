import { Injectable } from '@nestjs/common';
import { Clock, ReleaseId, TenantId, TenantTransaction, UserId, newId } from '@libs/kernel';
import { ReleaseRejected, TooManyDocuments } from '../domain/document.errors';
import { DocumentRepository } from '../domain/document.repository';
import { DocumentInput, MAX_DOCUMENTS_PER_RELEASE, ReleaseDocument } from '../domain/release-document';
import { DocumentView, viewOf } from './document-view';
import { GetRelease } from './get-release';
import { ReceiptStore } from './receipt-store';

/** Long past the life of an upload's signature. */
const ABANDONED_MS = 24 * 3_600_000;

/** Declares a document of a release, and says where its bytes may be put. */
@Injectable()
export class AttachDocument {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly getRelease: GetRelease,
    private readonly documents: DocumentRepository,
    private readonly store: ReceiptStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ReleaseNotFound, ReleaseRejected, TooManyDocuments, DocumentTypeRefused, DocumentSizeRefused */
  async execute(
    releaseId: string,
    input: DocumentInput,
    by: { tenantId: TenantId; userId: UserId },
  ): Promise<DocumentView> {
    const { tenantId, userId } = by;
    const { status, id } = await this.getRelease.execute(tenantId, releaseId);
    if (status === 'rejected') throw new ReleaseRejected();
    const now = this.clock.now();
    const owner = { id: newId(), tenantId, releaseId: id as ReleaseId, uploadedBy: userId };
    const document = ReleaseDocument.declare(input, owner, now);
    // signed before it is written: a row whose upload nobody was told of would only count
    const view = await viewOf(document, this.store, true);
    await this.transaction.run(() => this.add(document, now));
    return view;
  }

  private async add(document: ReleaseDocument, now: Date): Promise<void> {
    const { tenantId, releaseId } = document.state;
    const count = await this.documents.countForUpdate(tenantId, releaseId);
    if (count >= MAX_DOCUMENTS_PER_RELEASE) {
      await this.documents.forgetAbandoned(tenantId, releaseId, new Date(now.getTime() - ABANDONED_MS));
      const left = await this.documents.countForUpdate(tenantId, releaseId);
      if (left >= MAX_DOCUMENTS_PER_RELEASE) throw new TooManyDocuments(MAX_DOCUMENTS_PER_RELEASE);
    }
    await this.documents.add(document);
  }
}
