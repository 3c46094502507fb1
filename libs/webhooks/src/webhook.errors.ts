import { DomainError } from '@libs/kernel';

export class WebhookNotFound extends DomainError {
  readonly code = 'webhook_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('No such webhook.');
  }
}

export class DeliveryNotFound extends DomainError {
  readonly code = 'delivery_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('No such delivery; the log is kept for 30 days.');
  }
}

export class TooManyWebhooks extends DomainError {
  readonly code = 'too_many_webhooks';
  readonly kind = 'conflict';

  constructor(most: number) {
    super(`A tenant has at most ${most} webhooks; remove one first.`);
  }
}

export class WebhookNotActive extends DomainError {
  readonly code = 'webhook_not_active';
  readonly kind = 'conflict';

  constructor() {
    super('The webhook is paused or disabled; make it active first.');
  }
}

export class UnknownWebhookEvent extends DomainError {
  readonly code = 'unknown_webhook_event';
  readonly kind = 'invalid';

  constructor(event: string) {
    super(`No webhook can be told of ${event}.`);
  }
}

export type UrlRefusal =
  | 'malformed_webhook_url'
  | 'webhook_url_not_https'
  | 'webhook_url_with_credentials'
  | 'webhook_port_not_allowed'
  | 'webhook_host_not_public';

const SENTENCES: Record<UrlRefusal, string> = {
  malformed_webhook_url: 'The address is not an absolute URL of at most 2,048 characters without a fragment.',
  webhook_url_not_https: 'The address must begin with https://.',
  webhook_url_with_credentials: 'The address must not carry a user or password.',
  webhook_port_not_allowed: 'The port must be 443, or 1024 and above.',
  // the same whether the name is unknown or leads inside: else we would tell strangers which names our resolver knows
  webhook_host_not_public: 'The host of the address is not one on the public Internet.',
};

/** An address that nothing is sent to. */
export class WebhookUrlRefused extends DomainError {
  readonly kind = 'invalid';

  constructor(readonly code: UrlRefusal) {
    super(SENTENCES[code]);
  }
}

/** The name of a receiver cannot be looked up at the moment. */
export class HostLookupFailed extends DomainError {
  readonly code = 'webhook_host_lookup_failed';
  readonly kind = 'unavailable';
  override readonly retryAfter = 5;

  constructor() {
    super('The host of the address cannot be looked up at the moment; try again.');
  }
}
