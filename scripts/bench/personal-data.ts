import { randomUUID } from 'node:crypto';
import { freeOfPersonalData } from '../../apps/events/src/domain/free-of-personal-data';
import type { ToldEvent } from '../../apps/events/src/domain/tracked-event';
import { Report } from './report';

const EVENTS = 1_000;
const TURNS = 3;
const TURN_MS = 1_000;
const FLOOR = 50_000;
const AIM = 300_000;

/** Freeing events of personal data on one core, beside a bare JSON.parse and JSON.stringify of the same events. */
export function measurePersonalData(report: Report): void {
  add(report, 'events without personal data looked through', [harmless], AIM);
  add(report, 'events masked, one in ten with personal data', [personal, ...times(9, harmless)], FLOOR);
  add(report, 'events masked, each with four personal values', [personal], FLOOR);
}

function add(report: Report, what: string, makers: readonly (() => ToldEvent)[], aim: number): void {
  const events = times(EVENTS, undefined).map((_, at) => (makers[at % makers.length] as () => ToldEvent)());
  const texts = events.map((event) => JSON.stringify(event));
  const ours = (at: number): unknown => freeOfPersonalData(events[at % EVENTS] as ToldEvent);
  const bare = (at: number): unknown => JSON.stringify(JSON.parse(texts[at % EVENTS] as string));
  perSecond(ours);
  perSecond(bare);
  const pairs = times(TURNS, undefined).map(() => ({ rate: perSecond(ours), baseline: perSecond(bare) }));
  const [, median] = pairs.sort((one, other) => one.rate / one.baseline - other.rate / other.baseline);
  if (!median) throw new Error('no pair was measured');
  report.add({
    what,
    figure: `${median.rate.toFixed(0)}/s`,
    baseline: `${median.baseline.toFixed(0)}/s`,
    ratio: median.rate / median.baseline,
    aim: `≥ ${aim}/s on one core`,
    met: median.rate >= aim,
  });
}

/** By processor time: a second of it is what one core does in a second, whoever else is at work. */
function perSecond(work: (at: number) => unknown): number {
  const until = performance.now() + TURN_MS;
  const before = process.cpuUsage();
  let done = 0;
  for (; performance.now() < until; done += 1) work(done);
  const { user, system } = process.cpuUsage(before);
  return (done / (user + system)) * 1_000_000;
}

function times<T>(count: number, item: T): T[] {
  return Array.from({ length: count }, () => item);
}

function harmless(): ToldEvent {
  return event('https://app.moneyflow.com/transfer?utm_source=google', 'Pagamento da padaria');
}

function personal(): ToldEvent {
  return event(
    'https://app.moneyflow.com/transfer?email=dona%40padaria.com.br',
    'cpf 529.982.247-25, tel (11) 98765-4321, dona@padaria.com.br',
  );
}

/** As they come from the wire, where no two strings are the same object. */
function event(url: string, note: string): ToldEvent {
  const told: ToldEvent = {
    eventId: randomUUID(),
    eventType: 'transfer_completed',
    timestamp: new Date().toISOString(),
    source: 'sdk',
    userId: randomUUID(),
    deviceId: randomUUID(),
    sessionId: randomUUID(),
    seq: 42,
    context: {
      url,
      referrer: 'https://google.com',
      ip: '192.168.1.1',
      userAgent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      screenWidth: 1920,
      screenHeight: 1080,
      timezone: 'America/Sao_Paulo',
      locale: 'pt-BR',
    },
    properties: {
      amount: '150.50',
      currency: 'BRL',
      to_account: '****1234',
      category_id: randomUUID(),
      note,
    },
    version: '1.0.0',
  };
  return JSON.parse(JSON.stringify(told)) as ToldEvent;
}
