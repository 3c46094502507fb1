import { read, write } from './memory';

const IDLE_MS = 30 * 60_000;

/** UUID v4. Not crypto.randomUUID, which plain http pages do not have. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 15) | 64;
  bytes[8] = (bytes[8]! & 63) | 128;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
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
  const next = Number(seq) + 1;
  write('session', [id, (heartbeat && last) || now, next].join('|'));
  return { session_id: id, seq: next };
}

export function forget(): void {
  for (const name of ['device', 'session', 'user']) write(name);
}
