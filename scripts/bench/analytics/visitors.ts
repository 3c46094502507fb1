import { Chance } from './chance';

/** What a visitor brings along to each visit. */
export interface Visitor {
  /** Of those that signed up. */
  userId?: string;
  deviceId: string;
  userAgent: string;
  device: {
    kind: string;
    family: string;
    browser: string;
    browserVersion: string;
    os: string;
    osVersion: string;
    bot: boolean;
  };
  screen: readonly [width: number, height: number];
  country: string;
  /** By how much their clock is ahead, in milliseconds. */
  clockAhead: number;
}

type Kind = Omit<Visitor, 'userId' | 'deviceId' | 'country' | 'clockAhead'>;

const KINDS: readonly (readonly [weight: number, kind: Kind])[] = [
  [46, kind('mobile', 'Android', '14', 'Chrome', '131', [412, 915], 'Linux; Android 14; SM-A546E')],
  [
    22,
    kind(
      'mobile',
      'iOS',
      '18',
      'Mobile Safari',
      '18',
      [390, 844],
      'iPhone; CPU iPhone OS 18_1 like Mac OS X',
    ),
  ],
  [4, kind('mobile', 'Android', '13', 'Samsung Internet', '27', [360, 800], 'Linux; Android 13; SM-G991B')],
  [17, kind('desktop', 'Windows', '10', 'Chrome', '131', [1920, 1080], 'Windows NT 10.0; Win64; x64')],
  [4, kind('desktop', 'Windows', '10', 'Edge', '131', [1536, 864], 'Windows NT 10.0; Win64; x64')],
  [3, kind('desktop', 'macOS', '15', 'Safari', '18', [1440, 900], 'Macintosh; Intel Mac OS X 10_15_7')],
  [2, kind('desktop', 'Linux', '', 'Firefox', '132', [1920, 1080], 'X11; Linux x86_64; rv:132.0')],
  [
    1.5,
    kind('tablet', 'iPadOS', '18', 'Mobile Safari', '18', [820, 1180], 'iPad; CPU OS 18_1 like Mac OS X'),
  ],
  [0.5, kind('bot', 'Other', '', 'Googlebot', '2', [1024, 768], 'compatible; Googlebot/2.1')],
];

const COUNTRIES: readonly (readonly [weight: number, country: string])[] = [
  [93, 'BR'],
  [2.2, 'PT'],
  [1.8, 'US'],
  [0.9, 'AR'],
  [0.6, 'PY'],
  [0.5, 'ES'],
  [0.4, 'GB'],
  [0.3, 'JP'],
  [0.3, 'DE'],
];

/** So many of ten come back after they signed up. */
const SIGNED_UP = 0.7;

/** Who a number is: always the same one. */
export function visitor(seed: number, index: number): Visitor {
  const chance = new Chance(seed, 1, index);
  return {
    userId: chance.happens(SIGNED_UP) ? chance.uuid() : undefined,
    deviceId: chance.uuid(),
    country: chance.weighted(COUNTRIES),
    clockAhead: chance.happens(0.03) ? chance.below(1_200_000) - 600_000 : 0,
    ...chance.weighted(KINDS),
  };
}

/**
 * Who comes: some every day, most now and then, and somebody new each day.
 * @param population how many there are in the end
 * @param progress how much of the time is over, 0 to 1
 */
export function whoComes(chance: Chance, population: number, progress: number): number {
  return Math.floor(population * (0.4 + 0.6 * progress) * chance.next() ** 1.7);
}

function kind(
  device: string,
  os: string,
  osVersion: string,
  browser: string,
  browserVersion: string,
  screen: readonly [number, number],
  platform: string,
): Kind {
  return {
    device: { kind: device, family: 'Other', browser, browserVersion, os, osVersion, bot: device === 'bot' },
    userAgent: `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) ${browser.replace(' ', '')}/${browserVersion}.0.0.0 Safari/537.36`,
    screen,
  };
}
