import { address } from './address';
import type { InitOptions, MoneyFlowApi } from './api';
import { startAuto } from './auto';
import { allowed, say } from './consent';
import { deviceId, forget, session, uuid } from './identity';
import { read, write } from './memory';
import { notify } from './notices';
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
/** Told while nothing may be on the device, or before anybody said how: written down as soon as it may. */
let person: string | undefined;
let lookAtPage: (() => void) | undefined;

function track(type: string, properties?: Record<string, unknown>): string | undefined {
  if (!initialized || !allowed()) return undefined;
  const eventId = uuid();
  const user = read('user');
  let json = '';
  let code: 'not_json' | 'event_too_large' | undefined;
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
    if (json.length > MAX_EVENT_CHARS) code = 'event_too_large';
  } catch {
    code = 'not_json';
  }
  if (code) {
    notify({ kind: 'dropped', eventId, code });
    return undefined;
  }
  notify({ kind: 'queued', eventId, eventType: type });
  queue.add(eventId, { json, user });
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
  const title = document.title.slice(0, 1_024) || undefined;
  return track('page_view', { title, path: location.pathname, ...properties });
}

function adopt(): void {
  if (initialized && allowed()) void queue.adopt().then((found) => found && sender.wake());
}

function init(told: InitOptions, origin = location.origin): void {
  if (initialized) return;
  configure(told, origin);
  initialized = true;
  keepPerson();
  referrer = document.referrer;
  adopt();
  setInterval(adopt, ADOPT_EVERY_MS);
  addEventListener('online', sender.online);
  addEventListener('visibilitychange', () => {
    if (document.hidden) void sender.flush();
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
    if (!allowed()) sender.stop();
  });
  lookAtPage = startAuto(track, page);
}

function identify(userId: string): void {
  person = userId ? String(userId) : undefined;
  if (!person) write('user');
  keepPerson();
}

function keepPerson(): void {
  if (!person || !initialized || !allowed()) return;
  write('user', person);
  person = undefined; // another tab may name another one
}

function reset(): void {
  person = undefined;
  forget();
}

function optOut(): void {
  say(false);
  sender.stop();
  reset();
  notify({ kind: 'stopped' });
}

function optIn(): void {
  say(true);
  keepPerson();
  adopt();
  if (lookAtPage) lookAtPage(); // the page that is shown was not told while it was not allowed
}

export const MoneyFlow: MoneyFlowApi = {
  version: VERSION,
  init,
  track,
  page: (properties) => page(properties),
  identify,
  flush: sender.flush,
  reset,
  optOut,
  optIn,
  pause: () => sender.pause(true),
  resume: () => sender.pause(false),
  state: () => ({
    initialized,
    tracking: initialized && allowed(),
    paused: sender.paused,
    online: navigator.onLine !== false,
    queued: queue.rows.length,
    storage: queue.kind,
    userId: person || read('user'),
    deviceId: read('device'),
    sessionId: (read('session') || '').split('|')[0] || undefined,
  }),
};
export { init };
