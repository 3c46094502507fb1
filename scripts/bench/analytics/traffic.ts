import { isoOf } from './iso-times';
import { TrackedEvent } from '../../../apps/analytics/src/application/tracked-event';
import { TenantId } from '@libs/kernel';
import { Chance } from './chance';
import { journey } from './journey';
import { Visitor, visitor, whoComes } from './visitors';

export interface TrafficOptions {
  tenantId: TenantId;
  appId: string;
  events: number;
  /** Whole days before the one that `until` is in; that one has its part so far. */
  days: number;
  until: Date;
  seed: number;
}

/** A part of a local day; all its visits begin in it. */
export interface Part {
  /** Days from the first. */
  day: number;
  /** Which of the day's parts: visits begin when so much of the day's traffic is over, 0 to 1. */
  from: number;
  to: number;
  events: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** São Paulo, which has had no other offset since 2019. */
const OFFSET_MS = -3 * HOUR_MS;
/** Few enough that most of it has gone before the garbage collector looks twice. */
const EVENTS_A_PART = 15_000;
const EVENTS_A_VISITOR = 40;
/** From Sunday. */
const WEEK = [0.55, 1.05, 1.05, 1, 1.02, 1.1, 0.7];
const HOURS = [
  ...[1.2, 0.6, 0.4, 0.3, 0.3, 0.6, 1.5, 3, 4.5, 5.5, 6, 6.2],
  ...[6.5, 6, 5.8, 5.6, 5.6, 5.8, 6, 6.2, 6, 5, 3.8, 2.2],
];
const PAYDAYS = [5, 20];
const REFERRERS: readonly (readonly [weight: number, referrer: string | undefined])[] = [
  [34, undefined],
  [41, 'https://www.google.com/'],
  [8, 'https://l.instagram.com/'],
  [5, 'https://www.facebook.com/'],
  [4, 'https://l.wl.co/'],
  [3, 'https://www.bing.com/'],
  [2, 'https://www.youtube.com/'],
  [1, 'https://duckduckgo.com/'],
  ...Array.from({ length: 80 }, (_, n) => [2 / 80, `https://parceiro-${n + 1}.example/`] as const),
];

/**
 * What visitors of a Brazilian fintech's app send in some weeks: busy at noon and on paydays, quiet on Sundays, growing. The same
 * options give the same events, part by part and in any order of parts.
 */
export class Traffic {
  readonly parts: readonly Part[];
  private readonly first: number;
  private readonly population: number;

  constructor(private readonly options: TrafficOptions) {
    const { events, days, until } = options;
    this.first = localMidnight(until.getTime()) - days * DAY_MS;
    this.population = Math.ceil(events / EVENTS_A_VISITOR);
    this.parts = this.parted();
  }

  /** Of the first event at the earliest. */
  get from(): Date {
    return new Date(this.first);
  }

  /** In the order of their visits, not of time. */
  *events(part: Part): Generator<TrackedEvent> {
    const chance = new Chance(this.options.seed, 2, part.day, Math.round(part.from * 1e6));
    let left = part.events;
    while (left > 0)
      for (const event of this.visit(part, chance)) {
        yield event;
        left -= 1;
        if (left === 0) return;
      }
  }

  private *visit(part: Part, chance: Chance): Generator<TrackedEvent> {
    const { seed, tenantId, appId, days, until } = this.options;
    const who = visitor(seed, whoComes(chance, this.population, part.day / (days + 1)));
    const signedIn = who.userId !== undefined;
    const sessionId = chance.uuid();
    const referrer = chance.weighted(REFERRERS);
    // seldom there is no net, and all of it comes when there is one again
    const delay = chance.happens(0.004) ? chance.below(5 * HOUR_MS) : 0;
    const share = part.from + (part.to - part.from) * chance.next();
    let at = this.first + part.day * DAY_MS + timeOfDay(share);
    let known = signedIn && chance.happens(0.8);
    for (const [index, step] of journey(chance, signedIn).entries()) {
      at += Math.round(step.afterMs);
      if (at >= until.getTime()) return;
      known ||= step.type === 'login';
      yield {
        tenantId,
        appId,
        eventId: chance.uuid(),
        eventType: step.type,
        timestamp: isoOf(at + who.clockAhead),
        occurredAt: isoOf(at),
        receivedAt: isoOf(at + delay + 120 + chance.below(2_500)),
        source: 'sdk',
        userId: known ? who.userId : undefined,
        deviceId: who.deviceId,
        sessionId,
        seq: index + 1,
        context: contextOf(who, step.url, index === 0 ? referrer : step.url),
        device: who.device,
        country: who.country,
        properties: step.properties,
        version: '1.0.0',
      };
    }
  }

  private parted(): Part[] {
    const { events, days, until } = this.options;
    const gone = shareOf(until.getTime() - localMidnight(until.getTime()));
    const weights = Array.from(
      { length: days + 1 },
      (_, day) => this.weightOf(day) * (day === days ? gone : 1),
    );
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    let [done, soFar] = [0, 0];
    return weights.flatMap((weight, day) => {
      soFar += weight;
      const ofDay = Math.round((events * soFar) / all) - done;
      done += ofDay;
      return partsOf(day, ofDay, day === days ? gone : 1);
    });
  }

  private weightOf(day: number): number {
    const date = new Date(this.first + OFFSET_MS + day * DAY_MS);
    const payday = PAYDAYS.includes(date.getUTCDate()) ? 1.35 : 1;
    const noise = 0.95 + 0.1 * new Chance(this.options.seed, 3, day).next();
    return (WEEK[date.getUTCDay()] as number) * payday * noise * (1 + day * 0.002);
  }
}

function partsOf(day: number, events: number, until: number): Part[] {
  const count = Math.max(1, Math.ceil(events / EVENTS_A_PART));
  return Array.from({ length: count }, (_, n) => ({
    day,
    from: (until * n) / count,
    to: (until * (n + 1)) / count,
    events: Math.round((events * (n + 1)) / count) - Math.round((events * n) / count),
  }));
}

function contextOf(who: Visitor, url: string, referrer: string | undefined): TrackedEvent['context'] {
  const [screenWidth, screenHeight] = who.screen;
  const context = {
    url,
    referrer,
    ip: '203.0.113.0',
    userAgent: who.userAgent,
    screenWidth,
    screenHeight,
    viewportWidth: screenWidth,
    viewportHeight: screenHeight - 120,
    timezone: 'America/Sao_Paulo',
    locale: 'pt-BR',
  };
  return context;
}

function localMidnight(instant: number): number {
  return Math.floor((instant + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
}

const ALL_HOURS = HOURS.reduce((sum, weight) => sum + weight, 0);

/** How much of a day's traffic is over after so many milliseconds of it. */
function shareOf(ms: number): number {
  const hour = Math.floor(ms / HOUR_MS);
  const whole = HOURS.slice(0, hour).reduce((sum, weight) => sum + weight, 0);
  return (whole + (HOURS[hour] ?? 0) * (ms / HOUR_MS - hour)) / ALL_HOURS;
}

/** The opposite: when so much is over. */
function timeOfDay(share: number): number {
  let left = share * ALL_HOURS;
  for (const [hour, weight] of HOURS.entries()) {
    if (left < weight) return Math.floor((hour + left / weight) * HOUR_MS);
    left -= weight;
  }
  return DAY_MS - 1;
}
