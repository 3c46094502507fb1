import { read, write } from './memory';

const IDLE_MS = 30 * 60_000;

/** UUID v4. Not crypto.randomUUID, which plain http pages do not have. */
export function uuid(): string {
  const random = crypto.getRandomValues(new Uint8Array(36));
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/[x8]/g, (digit, at: number) =>
    (digit > '8' ? random[at]! & 15 : (random[at]! & 3) | 8).toString(16),
  );
}

export function deviceId(): string {
  const id = read('device') || uuid();
  write('device', id);
  return id;
}

/**
 * The visit that goes on, in whatever tab, and the place of the next event in it. A heartbeat says that a page is open,
 * not that somebody is there: it keeps no visit alive and begins none.
 */
export function session(heartbeat?: boolean): { session_id: string; seq: number } {
  const now = Date.now();
  let [id, last, seq] = (read('session') || '').split('|');
  if (!id || !(heartbeat || now - Number(last) < IDLE_MS)) [id, last, seq] = [uuid(), '', '0'];
  const next = (Number(seq) || 0) + 1;
  write('session', [id, (heartbeat && last) || now, next].join('|'));
  return { session_id: id, seq: next };
}

export function forget(): void {
  ['device', 'session', 'user'].forEach((name) => write(name));
}
