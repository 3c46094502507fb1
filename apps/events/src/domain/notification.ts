import { moneyText, nameText } from './portuguese';
import { TrackedEvent } from './tracked-event';

export const NOTIFICATION_TYPES = [
  'budget_alert',
  'goal_completed',
  'cashback',
  'achievement',
  'alert',
  'webhook_disabled',
] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

export const PRIORITIES = ['low', 'normal', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What a person is told, in Portuguese. */
export interface Notification {
  type: NotificationType;
  title: string;
  message: string;
  priority: Priority;
}

type Properties = Readonly<Record<string, unknown>>;

const MAKERS = new Map<string, (properties: Properties) => Notification>([
  ['budget_exceeded', budgetAlert],
  ['goal_completed', goalCompleted],
  ['cashback_earned', cashback],
  ['achievement_unlocked', achievement],
]);

export function isNotified(eventType: string): boolean {
  return MAKERS.has(eventType);
}

/** Says what the event's properties tell and no more; undefined for types that nobody is told of. */
export function notificationOf({ eventType, properties }: TrackedEvent): Notification | undefined {
  return MAKERS.get(eventType)?.(properties);
}

const PERIODS: Readonly<Record<string, string>> = {
  day: 'de hoje',
  week: 'desta semana',
  month: 'deste mês',
  year: 'deste ano',
};

function budgetAlert(properties: Properties): Notification {
  const spent = moneyText(properties['spent_amount'], properties['currency']);
  const limit = moneyText(properties['limit_amount'], properties['currency']);
  const category = nameText(properties['category']);
  const period = properties['period'];
  const when = typeof period === 'string' && Object.hasOwn(PERIODS, period) ? ` ${PERIODS[period]}` : '';
  const budget = `orçamento${when}${category ? ` para ${category}` : ''}`;
  const message =
    spent && limit
      ? `Você já gastou ${spent} e passou do limite de ${limit} do ${budget}.`
      : spent
        ? `Você já gastou ${spent} e passou do limite do ${budget}.`
        : limit
          ? `Você passou do limite de ${limit} do ${budget}.`
          : `Você passou do limite do ${budget}.`;
  return { type: 'budget_alert', title: 'Orçamento ultrapassado', message, priority: 'high' };
}

function goalCompleted(properties: Properties): Notification {
  const name = nameText(properties['name']);
  const reached =
    moneyText(properties['saved_amount'], properties['currency']) ??
    moneyText(properties['target_amount'], properties['currency']);
  const goal = name ? `a sua meta “${name}”` : 'a sua meta';
  return {
    type: 'goal_completed',
    title: 'Meta concluída',
    message: `Parabéns! Você concluiu ${goal}${reached ? `, com ${reached}` : ''}.`,
    priority: 'normal',
  };
}

function cashback(properties: Properties): Notification {
  const amount = moneyText(properties['amount'], properties['currency']);
  const merchant = nameText(properties['merchant']);
  return {
    type: 'cashback',
    title: 'Cashback recebido',
    message: `Você recebeu ${amount ?? 'dinheiro'} de volta${merchant ? ` pela compra em ${merchant}` : ''}.`,
    priority: 'low',
  };
}

function achievement(properties: Properties): Notification {
  const name = nameText(properties['name']);
  const description = nameText(properties['description'], 200);
  const points = properties['points'];
  const gained =
    typeof points === 'number' && Number.isSafeInteger(points) && points > 0
      ? ` Você ganhou ${points} ${points === 1 ? 'ponto' : 'pontos'}.`
      : '';
  const what = name ? `a conquista “${name}”` : 'uma conquista';
  return {
    type: 'achievement',
    title: 'Conquista desbloqueada',
    message: `Você desbloqueou ${what}${description ? `: ${description.replace(/\.+$/, '')}` : ''}.${gained}`,
    priority: 'low',
  };
}
