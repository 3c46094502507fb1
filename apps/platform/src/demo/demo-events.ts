import { BusinessDate, DEFAULT_TIME_ZONE } from '@libs/kernel';
import { comesAgain, guestsOf, look } from './demo-guests';
import { DemoPerson, demoPeople, uuidOf } from './demo-people';
import { chance } from './demo-releases';
import { purchase, SPENDINGS, Step, visit } from './demo-visits';

/** As the SDK sends it. */
export interface DemoEvent {
  event_id: string;
  event_type: string;
  timestamp: string;
  user: { user_id?: string; device_id: string };
  session: { session_id: string; seq: number };
  context: Record<string, unknown>;
  properties: Record<string, unknown>;
  version: string;
}

/** Visits of a month; purchases of ten weeks, since what is usual for a person shows after six. */
const VISIT_DAYS = 30;
const PURCHASE_DAYS = 70;
/** Who spent how many times as much as usual last week: what the insights are to find. */
const LIVED_IT_UP = { person: 0, category: 'restaurantes', times: 4 };

/**
 * What the customers and guests of the demo company did in its app up to `now`, oldest first: all 19 types, several people
 * and devices. A day has the same events whenever one asks, so that seeding again changes nothing.
 */
export function demoEvents(now: Date): DemoEvent[] {
  const today = BusinessDate.of(now, DEFAULT_TIME_ZONE);
  const lastMonday = today.plusDays(-((weekdayOf(today) + 6) % 7) - 7);
  const events: DemoEvent[] = [];
  for (const [index, person] of demoPeople.entries()) {
    for (let back = PURCHASE_DAYS; back >= 0; back -= 1) {
      const day = today.plusDays(-back);
      const seed = `${day.toString()}-${index}`;
      const intoLastWeek = lastMonday.daysUntil(day);
      const splurges = index === LIVED_IT_UP.person && intoLastWeek >= 0 && intoLastWeek < 7;
      if (back < VISIT_DAYS && chance(`visits ${seed}`) < person.keenness) {
        events.push(...eventsOf(person, day, `${seed}-v`, visit(seed)));
      }
      for (const [kind, spending] of SPENDINGS.entries()) {
        if (!buysOn(weekdayOf(day), spending.perWeek, kind + index)) continue;
        const times = splurges && spending.category === LIVED_IT_UP.category ? LIVED_IT_UP.times : 1;
        const bought = eventsOf(person, day, `${seed}-${kind}`, purchase(spending, `${seed}-${kind}`, times));
        // Of what is long ago only the payment itself is told.
        events.push(...(back < VISIT_DAYS ? bought : bought.slice(-1)));
      }
    }
  }
  return [...events, ...ofGuests(today)]
    .filter(({ timestamp }) => timestamp <= now.toISOString())
    .sort((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
}

function ofGuests(today: BusinessDate): DemoEvent[] {
  const events: DemoEvent[] = [];
  for (let back = VISIT_DAYS - 1; back >= 0; back -= 1) {
    const first = today.plusDays(-back);
    for (const guest of guestsOf(first.toString(), weekdayOf(first) % 6 === 0)) {
      for (let later = 0; later <= back; later += 1) {
        const seed = `${guest.deviceId} ${later}`;
        if (comesAgain(guest, later))
          events.push(...eventsOf(guest, first.plusDays(later), seed, look(seed)));
      }
    }
  }
  return events;
}

function eventsOf(person: DemoPerson, day: BusinessDate, seed: string, steps: readonly Step[]): DemoEvent[] {
  const hour = 8 + Math.floor(chance(`hour ${seed}`) * 13);
  const minute = Math.floor(chance(`minute ${seed}`) * 60);
  let at = Date.parse(`${day.toString()}T${pad(hour)}:${pad(minute)}:00.000-03:00`);
  let path = '/inicio';
  const [width, height] = person.screen;
  return steps.map(([type, properties, seconds], seq) => {
    if (typeof properties['path'] === 'string') path = properties['path'];
    const event: DemoEvent = {
      event_id: uuidOf(`${seed} ${seq}`),
      event_type: type,
      timestamp: new Date(at).toISOString(),
      user: { user_id: person.userId, device_id: person.deviceId },
      session: { session_id: uuidOf(`session ${seed}`), seq: seq + 1 },
      context: {
        url: `https://app.padaria-estrela.example${path}`,
        ...(seq === 0 && person.referrer ? { referrer: person.referrer } : {}),
        user_agent: person.userAgent,
        screen_width: width,
        screen_height: height,
        timezone: DEFAULT_TIME_ZONE,
        locale: 'pt-BR',
      },
      properties,
      version: '1.0.0',
    };
    at += seconds * 1_000;
    return event;
  });
}

/** Spread over the week, on other days for other people. */
function buysOn(weekday: number, perWeek: number, shift: number): boolean {
  return ((weekday + shift) * perWeek) % 7 < perWeek;
}

/** 0 is Sunday. */
function weekdayOf(day: BusinessDate): number {
  return new Date(`${day.toString()}T12:00:00.000Z`).getUTCDay();
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
