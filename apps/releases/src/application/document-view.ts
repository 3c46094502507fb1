import { ReleaseDocument } from '../domain/release-document';
import { DownloadTicket, ReceiptStore, UploadTicket } from './receipt-store';

/** A document with the one thing that may be done with its bytes. */
export interface DocumentView {
  document: ReleaseDocument;
  /** While nothing was stored, for who may write. */
  upload?: UploadTicket;
  /** Once stored. */
  download?: DownloadTicket;
}

/** @param mayUpload whether who asks may write; who may only read gets no link to upload */
export async function viewOf(
  document: ReleaseDocument,
  store: ReceiptStore,
  mayUpload: boolean,
): Promise<DocumentView> {
  if (document.isStored) return { document, download: await store.download(document) };
  return mayUpload ? { document, upload: await store.upload(document) } : { document };
}
