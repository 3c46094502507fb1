import { DomainError } from '@libs/kernel';

/** The installation lacks the browser SDK: it was started without having been built. */
export class SdkNotBuilt extends DomainError {
  readonly code = 'sdk_not_built';
  readonly kind = 'unavailable';
  override readonly retryAfter = 60;

  constructor(cause: unknown) {
    super('The browser SDK is not built here; npm run build makes it.', { cause });
  }
}
