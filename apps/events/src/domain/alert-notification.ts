import { DomainError } from '@libs/kernel';
import { Notification } from './notification';
import { nameText } from './portuguese';

/** Something was said of an incident that cannot be. */
export class ImpossibleIncident extends DomainError {
  readonly code = 'impossible_incident';
  readonly kind = 'invalid';
}

/** What happened to an incident of an alert, as analytics tells it. */
export interface ToldIncident {
  incidentId: string;
  state: 'fired' | 'resolved';
  alertName: string;
  eventType: string | null;
  metric: string;
  kind: string;
  direction: string;
  /** Of the window at which it fired; or was over, where one was looked at. */
  value: number | null;
  expected: number;
  timeZone: string;
  windowFrom: Date;
  windowTo: Date;
  /** Of what is over: `calm`, `changed`, `disabled`, `deleted`. */
  resolution?: string;
  happenedAt: Date;
}

const METRICS: Readonly<Record<string, string>> = {
  events: 'eventos',
  users: 'usuários',
  sessions: 'sessões',
};
const RESOLUTIONS: Readonly<Record<string, string>> = {
  changed: 'O alerta foi alterado e recomeça a observar.',
  disabled: 'O alerta foi desativado.',
  deleted: 'O alerta foi excluído.',
};
const NUMBERS = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 1 });

/** For everybody of the tenant, in Portuguese. */
export function alertNotification(told: ToldIncident): Notification {
  const name = nameText(told.alertName) ?? 'Alerta';
  return told.state === 'fired'
    ? { type: 'alert', title: `Alerta: ${name}`, message: firedMessage(told), priority: 'high' }
    : { type: 'alert', title: `Alerta encerrado: ${name}`, message: resolvedMessage(told), priority: 'high' };
}

function firedMessage(told: ToldIncident): string {
  const { value, expected, kind, direction, windowFrom, windowTo, timeZone } = told;
  const when = periodText(windowFrom, windowTo, timeZone);
  const side = direction === 'above' ? 'acima' : 'abaixo';
  const bound = NUMBERS.format(expected);
  const against =
    kind === 'anomaly'
      ? `muito ${side} do normal para esse dia e horário (cerca de ${bound})`
      : `${side} do limite de ${bound}`;
  return `${when}, foram ${counted(told, value ?? 0)}, ${against}.`;
}

function resolvedMessage(told: ToldIncident): string {
  const { resolution = 'calm', value } = told;
  const why = Object.hasOwn(RESOLUTIONS, resolution) ? RESOLUTIONS[resolution] : undefined;
  if (why !== undefined) return why;
  return value === null
    ? 'Os números voltaram ao esperado.'
    : `Os números voltaram ao esperado: ${counted(told, value)} no último período.`;
}

function counted({ metric, eventType }: ToldIncident, value: number): string {
  const what = Object.hasOwn(METRICS, metric) ? METRICS[metric] : 'eventos';
  const type = nameText(eventType, 64);
  return `${NUMBERS.format(value)} ${what}${type ? ` de “${type}”` : ''}`;
}

/** `Em 22/11, das 9h00 às 10h00`; over midnight with both days. */
function periodText(from: Date, to: Date, timeZone: string): string {
  const [start, end] = [localText(from, timeZone), localText(to, timeZone)];
  return start.day === end.day
    ? `Em ${start.day}, das ${start.time} às ${end.time}`
    : `De ${start.day} às ${start.time} a ${end.day} às ${end.time}`;
}

function localText(at: Date, timeZone: string): { day: string; time: string } {
  const parts = new Intl.DateTimeFormat('pt-BR', {
    timeZone,
    day: '2-digit',
    month: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { day: `${of('day')}/${of('month')}`, time: `${Number(of('hour'))}h${of('minute')}` };
}
