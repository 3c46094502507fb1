import { DomainError } from '@libs/kernel';
import { Notification } from './notification';
import { nameText } from './portuguese';

/** Something was said of a webhook that cannot be. */
export class ImpossibleDisabling extends DomainError {
  readonly code = 'impossible_disabling';
  readonly kind = 'invalid';
}

/** A webhook was given up, as its service tells it. */
export interface ToldDisabling {
  webhookId: string;
  host: string;
  /** `gone`, `failing`. */
  reason: string;
  disabledAt: Date;
}

const REASONS: Readonly<Record<string, string>> = {
  gone: 'O destino respondeu que não existe mais (410).',
  failing: 'Por três dias, nenhuma entrega foi aceita pelo destino.',
};
const CONSEQUENCE = 'Nada mais será enviado até que o webhook seja reativado.';

/** For everybody of the tenant, in Portuguese. */
export function webhookNotification({ host, reason }: ToldDisabling): Notification {
  const why = Object.hasOwn(REASONS, reason) ? `${REASONS[reason]} ` : '';
  const name = nameText(host);
  return {
    type: 'webhook_disabled',
    title: name ? `Webhook desativado: ${name}` : 'Webhook desativado',
    message: `${why}${CONSEQUENCE}`,
    priority: 'high',
  };
}
