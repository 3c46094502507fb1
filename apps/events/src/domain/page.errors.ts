import { DomainError } from '@libs/kernel';

/** The page has no such file. */
export class PageFileNotFound extends DomainError {
  readonly code = 'page_file_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('The page has no file of this name.');
  }
}
