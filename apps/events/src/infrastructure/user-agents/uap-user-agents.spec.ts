import { UapUserAgents } from './uap-user-agents';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

describe('user agents', () => {
  const userAgents = new UapUserAgents();
  const device = (text: string | undefined) => Promise.resolve(userAgents.device(text));

  it.each([
    ['desktop', CHROME, 'Other', 'Chrome 131', 'Windows 10'],
    [
      'desktop',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
      'Mac',
      'Safari 17',
      'Mac OS X 10.15',
    ],
    [
      'desktop',
      'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
      'Other',
      'Firefox 143',
      'Linux',
    ],
    [
      'desktop',
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      'Other',
      'Chrome 131',
      'Chrome OS 14541.0',
    ],
    [
      'mobile',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
      'iPhone',
      'Mobile Safari 17',
      'iOS 17.4',
    ],
    [
      'mobile',
      'Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
      'Samsung SM-S918B',
      'Chrome Mobile 131',
      'Android 14',
    ],
    [
      'mobile',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
      'Generic Smartphone',
      'Chrome Mobile 131',
      'Android 10',
    ],
    [
      'tablet',
      'Mozilla/5.0 (Linux; Android 13; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      'SM-X710',
      'Chrome 131',
      'Android 13',
    ],
    [
      'tablet',
      'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
      'iPad',
      'Mobile Safari 16',
      'iOS 16.6',
    ],
    [
      'tv',
      'Mozilla/5.0 (Linux; Android 9; AFTMM) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
      'AFTMM',
      'Chrome Mobile 120',
      'Android 9',
    ],
    [
      'tv',
      'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36',
      'Samsung SMART-TV',
      'Safari',
      'Tizen 6.0',
    ],
    [
      'bot',
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      'Spider',
      'Googlebot 2',
      'Other',
    ],
    ['bot', 'curl/8.5.0', 'Other', 'curl 8', 'Other'],
    ['bot', 'python-requests/2.32.3', 'Other', 'Python Requests 2', 'Other'],
    ['bot', 'HeadlessChrome/131', 'Other', 'HeadlessChrome', 'Other'],
    [
      'mobile',
      'Dalvik/2.1.0 (Linux; U; Android 14; SM-S918B Build/UP1A)',
      'Samsung SM-S918B',
      'Android 14',
      'Android 14',
    ],
    ['mobile', 'MeuBanco/3.2 CFNetwork/1490.0.4 Darwin/23.2.0', 'iOS-Device', 'MeuBanco 3', 'iOS 17.2'],
    ['other', 'okhttp/4.12.0', 'Other', 'okhttp 4', 'Other'],
    [
      'other',
      'Mozilla/5.0 (PlayStation; PlayStation 5/8.20) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15',
      'PlayStation 5',
      'Safari 15',
      'Other',
    ],
  ])('a %s: %s', async (kind, text, family, browser, os) => {
    const found = await device(text);
    expect({
      kind: found.kind,
      family: found.family,
      browser: [found.browser, found.browserVersion].filter(Boolean).join(' '),
      os: [found.os, found.osVersion].filter(Boolean).join(' '),
      bot: found.bot,
    }).toEqual({ kind, family, browser, os, bot: kind === 'bot' });
  });

  it('calls what was not sent unknown', async () => {
    const unknown = { kind: 'other', family: 'Other', browser: 'Other', os: 'Other', bot: false };
    expect([await device(undefined), await device('')]).toEqual([unknown, unknown]);
  });

  it('answers one seen lately at once, and with the same object', () => {
    const seen = userAgents.device(CHROME);
    expect(seen).not.toBeInstanceOf(Promise);
    expect(userAgents.device(Buffer.from(CHROME).toString())).toBe(seen);
  });

  it('lets a flood of strangers wait in line while the process goes on', async () => {
    const fresh = new UapUserAgents();
    await new Promise(setImmediate); // what making it took is of the turn before
    const strangers = Array.from({ length: 3_000 }, (_, index) =>
      fresh.device(`${CHROME} Stranger/${index}`),
    );
    expect(strangers.some((stranger) => !(stranger instanceof Promise))).toBe(true);
    expect(strangers.at(-1)).toBeInstanceOf(Promise);
    let longest = 0;
    let turns = 0;
    let last = performance.now();
    let over = false;
    const watch = (): void => {
      turns += 1;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      if (!over) setImmediate(watch);
    };
    setImmediate(watch);
    const found = await Promise.all(strangers.map((stranger) => Promise.resolve(stranger)));
    over = true;
    expect(found.every((one) => one.browser === 'Chrome' && one.os === 'Windows')).toBe(true);
    expect(turns).toBeGreaterThan(5);
    expect(longest).toBeLessThan(50);
  });

  it('parses one stranger once however many wait for it', async () => {
    const fresh = new UapUserAgents();
    for (let index = 0; index < 500; index += 1) void fresh.device(`Filler/${index} (X11; Linux)`);
    const [one, other] = await Promise.all([CHROME, CHROME].map(async (text) => fresh.device(text)));
    expect(one).toBe(other);
  });

  it('reads no more of one than a browser could mean', async () => {
    const long = `${CHROME} ${'x'.repeat(250_000)}`;
    expect((await device(long)).browser).toBe('Chrome');
    expect(await device(`${long}y`)).toBe(await device(long));
  });

  it('takes whatever text there is', async () => {
    for (const text of ['\ud800', '\0\0\0', 'ção 日本', '(((((((', '\\$1$2', '__proto__', ' '.repeat(600)]) {
      expect((await device(text)).os).toBe('Other');
      expect(await device(text)).toEqual(await device(text));
    }
  });
});
