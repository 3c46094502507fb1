import { createHash } from 'node:crypto';

/** A customer of the demo company's app. Nobody: ids that the name decides, on a device that many people have. */
export interface DemoPerson {
  /** Who has no account has none. */
  userId?: string;
  deviceId: string;
  userAgent: string;
  screen: readonly [width: number, height: number];
  /** How often the app is opened, 0–1 a day. */
  keenness: number;
  /** The page that a visit came from. */
  referrer?: string;
}

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
export const DEVICES: readonly [userAgent: string, width: number, height: number][] = [
  [`Mozilla/5.0 (Linux; Android 14; SM-A546E) ${WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36`, 412, 915],
  [`Mozilla/5.0 (Linux; Android 13; moto g(60)) ${WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36`, 393, 873],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    390,
    844,
  ],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0.0.0 Safari/537.36`, 1920, 1080],
  [`Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36`, 360, 800],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 1366, 768],
  [
    'Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
    820,
    1180,
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15',
    1512,
    982,
  ],
];

export const demoPeople: readonly DemoPerson[] = DEVICES.map(([userAgent, width, height], index) => ({
  userId: uuidOf(`person ${index}`),
  deviceId: uuidOf(`device ${index}`),
  userAgent,
  screen: [width, height],
  keenness: 0.9 - index * 0.09,
}));

/** A UUID v4 by its form that the text decides: what is sent again is then the same, and counted once. */
export function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(`moneyflow demo: ${text}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
