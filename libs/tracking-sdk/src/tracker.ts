import { address } from './address';
import type { InitOptions, MoneyFlowApi } from './api';
import { startAuto } from './auto';
import { allowed, keepWord, say } from './consent';
import { deviceId, forget, session, uuid } from './identity';
import { read, write } from './memory';
import { notify } from './notices';
import * as queue from './queue';
import * as sender from './sender';
import { configure } from './settings';
import { text } from './text';

const VERSION = '1.0.0';
/** The collector takes 256 KiB, as UTF-8: whoever writes much beyond ASCII may still be refused, and that one alone. */
const MAX_EVENT_CHARS = 250_000;
const MAX_URL = 8_192;
/** The page before this one may not have let its lock go when this one begins. */
const ADOPT_AGAIN_MS = 4_000;
const ADOPT_EVERY_MS = 60_000;

let initialized = false;
let referrer: unknown;
/** Told while nothing may be on the device, or before anybody said how: written down as soon as it may. */
let person: string | undefined;
let lookAtPage: (() => void) | undefined;

/** @param told asked for inside, where it may throw: a page's objects do what they like */
function tell(type: string, told: () => object | undefined): string | undefined {
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
      context: context(),
      properties: told(),
      session: session(type === 'heartbeat'),
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
    url: text(address(), MAX_URL),
    referrer: text(referrer, MAX_URL),
    user_agent: text(navigator.userAgent, 2_048),
    screen_width: screen.width,
    screen_height: screen.height,
    viewport_width: innerWidth,
    viewport_height: innerHeight,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: navigator.language,
  };
}

/** @param from the address before, where a single-page app went on without a load */
function page(properties?: object, from?: string): string | undefined {
  if (from) referrer = from;
  return tell('page_view', () => ({
    title: text(document.title, 1_024),
    path: text(location.pathname, MAX_URL),
    ...properties,
  }));
}

function adopt(): void {
  if (initialized && allowed()) void queue.adopt().then((found) => found && sender.wake());
}

function init(told: InitOptions, origin = location.origin): void {
  if (initialized) return;
  // Rendered ahead: whether anybody will see it, nobody knows.
  if ((document as { prerendering?: boolean }).prerendering) {
    document.addEventListener('prerenderingchange', () => init(told, origin));
    return;
  }
  configure(told, origin);
  keepWord();
  initialized = true;
  keepPerson();
  end(); // what an earlier visit left, since somebody said no
  referrer = document.referrer;
  adopt();
  setTimeout(adopt, ADOPT_AGAIN_MS);
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
  addEventListener('storage', end);
  lookAtPage = startAuto(tell, page);
}

/** Where it is not allowed, nothing stays. */
function end(): void {
  if (allowed()) return;
  sender.stop();
  forget();
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
  // First: a full storage has no room for the word.
  reset();
  sender.stop();
  say(false);
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
  track: (type, properties) => tell(type, () => properties),
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
