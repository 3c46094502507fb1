import { address } from './address';
import type { EventType, InitOptions, MoneyFlowApi, PropertiesOf } from './api';
import { startAuto } from './auto';
import { allowed, say } from './consent';
import { deviceId, forget, session, uuid } from './identity';
import { read, write } from './memory';
import * as queue from './queue';
import * as sender from './sender';
import { configure } from './settings';

const VERSION = '1.0.0';
/** The collector takes 256 KiB, as UTF-8: whoever writes much beyond ASCII may still be refused, and that one alone. */
const MAX_EVENT_CHARS = 250_000;
const MAX_URL = 8_192;
const ADOPT_EVERY_MS = 60_000;

let initialized = false;
let referrer = '';
let lookAtPage: (() => void) | undefined;

function track(type: string, properties?: Record<string, unknown>): string | undefined {
  if (!initialized || !allowed()) return undefined;
  const eventId = uuid();
  const user = read('user');
  let json: string;
  try {
    json = JSON.stringify({
      event_id: eventId,
      event_type: type,
      timestamp: new Date().toISOString(),
      user: { user_id: user, device_id: deviceId() },
      session: session(type === 'heartbeat'),
      context: context(),
      properties,
      version: VERSION,
    });
  } catch {
    sender.notify({ kind: 'dropped', eventId, code: 'not_json' });
    return undefined;
  }
  if (json.length > MAX_EVENT_CHARS) {
    sender.notify({ kind: 'dropped', eventId, code: 'event_too_large' });
    return undefined;
  }
  const gone = queue.add(eventId, { json, user });
  sender.notify({ kind: 'queued', eventId, eventType: type });
  gone.forEach((row) => sender.notify({ kind: 'dropped', eventId: sender.idOf(row), code: 'queue_full' }));
  sender.wake();
  return eventId;
}

function context(): Record<string, unknown> {
  return {
    url: address().slice(0, MAX_URL),
    referrer: referrer.slice(0, MAX_URL) || undefined,
    user_agent: navigator.userAgent.slice(0, 2_048),
    screen_width: screen.width,
    screen_height: screen.height,
    viewport_width: innerWidth,
    viewport_height: innerHeight,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: navigator.language,
  };
}

/** @param from the address before, where a single-page app went on without a load */
function page(properties?: Record<string, unknown>, from?: string): string | undefined {
  if (from) referrer = from;
  const told = { title: document.title.slice(0, 1_024) || undefined, path: location.pathname };
  return track('page_view', { ...told, ...properties });
}

function adopt(): void {
  if (initialized && allowed()) void queue.adopt().then((found) => found && sender.wake());
}

function init(told: InitOptions, origin = location.origin): void {
  if (initialized) return;
  configure(told, origin);
  initialized = true;
  referrer = document.referrer;
  adopt();
  setInterval(adopt, ADOPT_EVERY_MS);
  addEventListener('online', sender.online);
  addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void sender.flush();
  });
  addEventListener('pagehide', () => {
    sender.leave();
    queue.abandon();
  });
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    sender.comeBack();
    queue.closeQueue(); // whose rows others may have meanwhile
    adopt();
  });
  // Another tab may have said no.
  addEventListener('storage', () => {
    if (!allowed()) queue.clear();
  });
  lookAtPage = startAuto(track, page);
}

function optOut(): void {
  say(false);
  queue.clear();
  forget();
  sender.notify({ kind: 'stopped' });
}

function optIn(): void {
  say(true);
  adopt();
  if (lookAtPage) lookAtPage(); // the page that is shown was not told while it was not allowed
}

export const MoneyFlow: MoneyFlowApi = {
  version: VERSION,
  init,
  track: <T extends EventType>(type: T, properties?: PropertiesOf<T>) => track(type, properties),
  page: (properties) => page(properties),
  identify: (userId) => write('user', userId ? String(userId) : undefined),
  flush: sender.flush,
  reset: forget,
  optOut,
  optIn,
  pause: () => sender.pause(true),
  resume: () => sender.pause(false),
  state: () => ({
    initialized,
    tracking: initialized && allowed(),
    paused: sender.isPaused(),
    online: navigator.onLine !== false,
    queued: queue.rows.length,
    storage: queue.kind,
    userId: read('user'),
    deviceId: read('device'),
    sessionId: (read('session') || '').split('|')[0] || undefined,
  }),
};
export { init };
