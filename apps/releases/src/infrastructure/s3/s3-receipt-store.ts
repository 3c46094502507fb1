import { Injectable } from '@nestjs/common';
import { DocumentRef, DocumentStore } from '@libs/documents';
import { DownloadTicket, ReceiptStore, UploadTicket } from '../../application/receipt-store';
import { ReleaseDocument } from '../../domain/release-document';

const KIND = 'receipts';

@Injectable()
export class S3ReceiptStore extends ReceiptStore {
  constructor(private readonly store: DocumentStore) {
    super();
  }

  upload(document: ReleaseDocument): Promise<UploadTicket> {
    return this.store.presignUpload(refOf(document), document.state);
  }

  download(document: ReleaseDocument): Promise<DownloadTicket> {
    const { name, contentType } = document.state;
    return this.store.presignDownload(refOf(document), { fileName: name, contentType });
  }

  holds(document: ReleaseDocument): Promise<boolean> {
    return this.store.holds(refOf(document), document.state);
  }
}

function refOf({ state: { tenantId, id } }: ReleaseDocument): DocumentRef {
  return { tenantId, kind: KIND, id };
}
