import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { deflateSync } from 'node:zlib';
import { Chromium, eventually } from '@libs/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { EVENT_TYPES } from '../src/domain/event-types';
import { EventsHouse } from './events.house';
import { aPageView } from './sdk-event.builder';

let house: EventsHouse;
let browser: Chromium;
let shop: Server;
let page: string;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open();
  shop = createServer((_, response) => {
    const policy = `default-src 'none'; script-src ${house.url}; connect-src ${house.url}`;
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(
      `<!doctype html><title>Loja</title><script src="${house.url}/moneyflow-tracking.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  page = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  key = await house.key(await house.tenant({ origins: [page] }));
  browser = await Chromium.open();
}, 90_000);
afterAll(async () => {
  await browser?.close();
  shop?.closeAllConnections();
  shop?.close();
  await house?.close();
});

/** Of a tenant's own site, another origin than ours. */
async function aPage(of: BrowserContext): Promise<Page> {
  const opened = await of.newPage();
  await opened.goto(page);
  await opened.evaluate(`MoneyFlow.init({ writeKey: '${key}', auto: false })`);
  return opened;
}
const track = (on: Page, count: number): Promise<string[]> =>
  on.evaluate(
    `Array.from({ length: ${count} }, (_, at) => MoneyFlow.track('heartbeat', { interval_ms: at }))`,
  );
const queued = (on: Page): Promise<number> => on.evaluate('MoneyFlow.state().queued');

describe('the SDK on a tenant’s page, with the real collector', () => {
  it('has an event of each of the 19 types accepted', async () => {
    const context = await browser.newContext();
    const on = await aPage(context);
    const ids = await on.evaluate<string[]>(
      `${JSON.stringify(EVENT_TYPES)}.map((type) => MoneyFlow.track(type, { amount: 1.5, message: 'x' }))`,
    );
    await eventually(async () => expect(await queued(on)).toBe(0));
    await eventually(() => {
      for (const id of ids) expect(house.logged.find(id)).toBeDefined();
    });
    expect(house.logged.find(ids[0] as string)).toMatchObject({
      source: 'sdk',
      device: { browser: 'HeadlessChrome' },
      context: { url: `${page}/` },
    });
    await context.close();
  });

  it('brings 500 events of 8 tabs through a killed browser into the log, each once', async () => {
    const tabs = await Promise.all(Array.from({ length: 8 }, () => aPage(browser.context)));
    await browser.context.setOffline(true);
    const ids = (await Promise.all(tabs.map((tab, at) => track(tab, at < 4 ? 63 : 62)))).flat();
    expect(new Set(ids).size).toBe(500);
    await tabs[0]?.waitForTimeout(1_500);
    const { profile } = browser;
    await browser.kill9();
    browser = await Chromium.open(profile);
    const on = await aPage(browser.context);
    await eventually(
      () => {
        for (const id of ids) expect(house.logged.find(id)).toBeDefined();
      },
      { within: 30_000, every: 250 },
    );
    await eventually(async () => expect(await queued(on)).toBe(0));
    const logged = house.logged.all().filter(({ eventId }) => ids.includes(eventId));
    expect(logged).toHaveLength(500);
  }, 90_000);

  it('sends 100 KB that wait when the page is left', async () => {
    const context = await browser.newContext();
    const on = await aPage(context);
    await on.evaluate('MoneyFlow.pause()');
    const ids = await track(on, 180);
    await on.evaluate("MoneyFlow.resume(); location.href = 'about:blank'").catch(() => undefined);
    await eventually(
      () => {
        const arrived = ids.filter((id) => house.logged.find(id) !== undefined);
        expect(arrived.length).toBeGreaterThanOrEqual(ids.length * 0.95);
      },
      { within: 15_000, every: 250 },
    );
    await context.close();
  }, 60_000);
});

describe('the collector', () => {
  it('reads a compressed body that does not say so, from a page that leaves', async () => {
    const event = aPageView();
    const send = (body: Uint8Array) =>
      fetch(`${house.url}/api/v1/events/batch?key=${key}`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: Buffer.from(body),
      });
    expect((await send(deflateSync(JSON.stringify({ events: [event] })))).status).toBe(202);
    await eventually(() => expect(house.logged.find(event.event_id)).toBeDefined());
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024));
    expect([(await send(bomb)).status, (await send(Buffer.from('x{}'))).status]).toEqual([413, 400]);
  });
});

describe('the file of the SDK', () => {
  const get = (path: string, headers: Record<string, string> = {}) => fetch(house.url + path, { headers });

  it.each([
    ['/moneyflow-tracking.js', 'text/javascript; charset=utf-8'],
    ['/moneyflow-tracking.mjs', 'text/javascript; charset=utf-8'],
    ['/moneyflow-tracking.d.ts', 'text/plain; charset=utf-8'],
    ['/moneyflow-tracking.d.mts', 'text/plain; charset=utf-8'],
  ])('%s is for every page and may be kept', async (path, type) => {
    const response = await get(path, { origin: 'https://any.example' });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'cache-control': expect.stringMatching(/^public, max-age=\d+/),
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    expect((await response.text()).length).toBeGreaterThan(1_000);
  });

  it('names every origin alike, also one that a tenant registered', async () => {
    const response = await get('/moneyflow-tracking.js', { origin: page });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('is not sent again to who has it, and small to who has not', async () => {
    const sizes: number[] = [];
    for (const encoding of ['br', 'gzip', 'identity', 'gzip;q=0, br;q=0']) {
      const first = await get('/moneyflow-tracking.js', { 'accept-encoding': encoding });
      const etag = String(first.headers.get('etag'));
      const again = await get('/moneyflow-tracking.js', {
        'accept-encoding': encoding,
        'if-none-match': `"x", W/${etag}`,
      });
      expect([first.headers.get('vary'), again.status]).toEqual(['Accept-Encoding', 304]);
      sizes.push(Number(first.headers.get('content-length')));
    }
    const [br = 0, gzip = 0, plain, refused] = sizes;
    expect(br).toBeLessThan(gzip);
    expect(gzip).toBeLessThanOrEqual(6_000);
    expect(plain).toBe(refused);
  });
});
