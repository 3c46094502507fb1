import { ReleaseId, TenantId, UserId } from '@libs/kernel';
import { DocumentSizeRefused, DocumentTypeRefused } from './document.errors';

/** What a receipt may be; each is what every viewer opens and none runs. */
export const DOCUMENT_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024;
export const MAX_DOCUMENTS_PER_RELEASE = 20;

/** What a client says about the file it is going to upload. */
export interface DocumentInput {
  /** For people; never part of where it is kept. */
  name: string;
  contentType: string;
  size: number;
  /** Lower-case hexadecimal. */
  sha256: string;
}

interface DocumentState extends Omit<DocumentInput, 'contentType'> {
  id: string;
  tenantId: TenantId;
  releaseId: ReleaseId;
  contentType: DocumentType;
  uploadedBy: UserId;
  createdAt: Date;
  /** Once the store was seen to hold exactly this. */
  storedAt?: Date;
}

/** A receipt of a release: declared first, stored once its bytes are there. */
export class ReleaseDocument {
  private constructor(readonly state: Readonly<DocumentState>) {}

  /** @throws DocumentTypeRefused, DocumentSizeRefused */
  static declare(
    input: DocumentInput,
    of: { id: string; tenantId: TenantId; releaseId: ReleaseId; uploadedBy: UserId },
    now: Date,
  ): ReleaseDocument {
    const { name, contentType, size, sha256 } = input;
    if (!isDocumentType(contentType)) throw new DocumentTypeRefused(DOCUMENT_TYPES);
    if (!Number.isSafeInteger(size) || size < 1 || size > MAX_DOCUMENT_BYTES)
      throw new DocumentSizeRefused(MAX_DOCUMENT_BYTES);
    return new ReleaseDocument({ ...of, name, contentType, size, sha256, createdAt: now });
  }

  /** From where it was kept. */
  static restore(state: DocumentState): ReleaseDocument {
    return new ReleaseDocument(state);
  }

  get isStored(): boolean {
    return this.state.storedAt !== undefined;
  }

  stored(at: Date): ReleaseDocument {
    return this.isStored ? this : new ReleaseDocument({ ...this.state, storedAt: at });
  }
}

function isDocumentType(text: string): text is DocumentType {
  return (DOCUMENT_TYPES as readonly string[]).includes(text);
}
