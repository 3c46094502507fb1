import { DomainError } from '@libs/kernel';

export class ImpossibleCondition extends DomainError {
  readonly code = 'impossible_condition';
  readonly kind = 'invalid';
}

export class AlertNotFound extends DomainError {
  readonly code = 'alert_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('There is no such alert.');
  }
}

export const MOST_ALERTS = 50;

export class TooManyAlerts extends DomainError {
  readonly code = 'too_many_alerts';
  readonly kind = 'conflict';

  constructor() {
    super(`A tenant has at most ${MOST_ALERTS} alerts.`);
  }
}

export class PreviewTooHeavy extends DomainError {
  readonly code = 'preview_too_heavy';
  readonly kind = 'invalid';

  constructor() {
    super('So many users or sessions cannot be gone through at once: ask for fewer days, or for events.');
  }
}
