import { ReleaseDocument } from '../domain/release-document';

/** A PUT the client may make, until it expires; the headers go with it as they are. */
export interface UploadTicket {
  method: 'PUT';
  url: string;
  headers: Record<string, string>;
  expiresAt: Date;
}

export interface DownloadTicket {
  url: string;
  expiresAt: Date;
}

/** Keeps the bytes; they never pass through this app. Its failures are `document_store_unavailable`. */
export abstract class ReceiptStore {
  /** Admits exactly what the document declares: its type, its size, its SHA-256. */
  abstract upload(document: ReleaseDocument): Promise<UploadTicket>;

  abstract download(document: ReleaseDocument): Promise<DownloadTicket>;

  abstract holds(document: ReleaseDocument): Promise<boolean>;
}
