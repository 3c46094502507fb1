import { DomainError, FieldError } from '@libs/kernel';

export class DocumentTypeRefused extends DomainError {
  readonly code = 'document_type_refused';
  readonly kind = 'invalid';
  override readonly errors: FieldError[];

  constructor(types: readonly string[]) {
    super(`A document is one of ${types.join(', ')}.`);
    this.errors = [{ path: 'contentType', code: this.code, message: this.message }];
  }
}

export class DocumentSizeRefused extends DomainError {
  readonly code = 'document_size_refused';
  readonly kind = 'invalid';
  override readonly errors: FieldError[];

  constructor(max: number) {
    super(`A document has 1 to ${max} bytes.`);
    this.errors = [{ path: 'size', code: this.code, message: this.message }];
  }
}

export class DocumentNotFound extends DomainError {
  readonly code = 'document_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('No such document of this release.');
  }
}

/** The store does not hold what was declared: nothing was uploaded yet, or something else. */
export class DocumentNotUploaded extends DomainError {
  readonly code = 'document_not_uploaded';
  readonly kind = 'conflict';

  constructor() {
    super(
      'The store does not hold this document yet: upload it as the answer of its POST says, then complete.',
    );
  }
}

export class TooManyDocuments extends DomainError {
  readonly code = 'too_many_documents';
  readonly kind = 'conflict';

  constructor(max: number) {
    super(`A release has at most ${max} documents.`);
  }
}

/** A rejected release is none: there is nothing to have a receipt of. */
export class ReleaseRejected extends DomainError {
  readonly code = 'release_rejected';
  readonly kind = 'conflict';

  constructor() {
    super('The release was rejected, so it takes no documents.');
  }
}
