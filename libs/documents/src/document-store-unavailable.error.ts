import { DomainError } from '@libs/kernel';

/** S3 cannot be asked, or we have no credentials to sign with. */
export class DocumentStoreUnavailable extends DomainError {
  readonly code = 'document_store_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 2;

  constructor(cause: unknown) {
    super('The document store does not answer now.', { cause });
  }
}
