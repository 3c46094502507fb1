import { Chromium, eventually } from '@libs/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { FakeCollector } from './fake-collector';
import { start, stateOf, stored, track } from './page-with-sdk';

let collector: FakeCollector;
let browser: Chromium;

beforeAll(async () => {
  collector = await FakeCollector.open();
});
beforeEach(async () => {
  collector.reset();
  browser = await Chromium.open();
});
afterEach(() => browser.close());
afterAll(() => collector.close());

async function aPage(of = browser): Promise<Page> {
  const page = await of.newPage();
  await page.goto(`${collector.url}/conta`);
  return page;
}
const rowsInLocalStorage = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':row:')));
async function closed(page: Page): Promise<void> {
  const gone = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await gone;
}
const sentIds = () => collector.events.map((event) => event.event_id);
const sorted = (ids: string[]) => [...ids].sort();

describe('the queue', () => {
  it('brings 500 events of 8 tabs through a killed browser: all of them, none twice', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, () => aPage()));
    await Promise.all(pages.map((page) => start(page)));
    await browser.context.setOffline(true);
    const ids = (await Promise.all(pages.map((page, at) => track(page, at < 4 ? 63 : 62)))).flat();
    expect(ids).toHaveLength(500);
    await eventually(async () => expect(await stored(pages[0]!)).toBe(500));
    await browser.kill9();
    expect(collector.deliveries).toEqual([]);

    const { profile } = browser;
    browser = await Chromium.open(profile);
    const reopened = await Promise.all(Array.from({ length: 3 }, () => aPage()));
    await Promise.all(reopened.map((page) => start(page)));
    await eventually(() => expect(sentIds().length).toBeGreaterThanOrEqual(500), { within: 20_000 });
    await eventually(async () => expect(await stored(reopened[0]!)).toBe(0));
    await sleep(6_000);
    expect(sorted(sentIds())).toEqual(sorted(ids));
  }, 90_000);

  it('lets no two tabs send the same event, while tabs come, track, are closed and others take over', async () => {
    collector.judge = async ({ events }) => {
      await sleep(100);
      return { status: 202, body: { accepted: events.length, duplicates: 0, rejected: [] } };
    };
    const pages = await Promise.all(Array.from({ length: 4 }, () => aPage()));
    await Promise.all(pages.map((page) => start(page)));
    await browser.context.setOffline(true);
    const ids = (await Promise.all(pages.map((page) => track(page, 40)))).flat();
    await eventually(async () => expect(await stored(pages[0]!)).toBe(160));
    // Nothing is sent by a page that leaves without a network: the others find it in the store.
    await Promise.all(pages.slice(2).map(closed));
    await browser.context.setOffline(false);
    const later = await Promise.all([aPage(), aPage()]);
    await Promise.all(later.map((page) => start(page)));
    ids.push(...(await Promise.all(later.map((page) => track(page, 25)))).flat());
    await eventually(() => expect(new Set(sentIds()).size).toBe(ids.length), { within: 20_000 });
    await sleep(6_000);
    expect(sorted(sentIds())).toEqual(sorted(ids));
  }, 60_000);

  it.each(['is navigated away', 'is closed'])(
    'sends 100 KB that wait when the page %s',
    async (how) => {
      const page = await aPage();
      await start(page);
      await page.evaluate(() => window.MoneyFlow.pause());
      const ids = await track(page, 150);
      const bytes = ids.length * 700;
      expect(bytes).toBeGreaterThan(100_000);
      // in one breath: no time for an answer, nor for a second request after the first
      const leaving = page.evaluate((closes) => {
        window.MoneyFlow.resume();
        if (closes) window.close();
        else location.href = 'about:blank';
      }, how === 'is closed');
      await leaving.catch(() => undefined);
      if (how === 'is closed') await page.close({ runBeforeUnload: true });
      await sleep(3_000);
      expect(sentIds().length).toBeGreaterThanOrEqual(ids.length * 0.95);
      expect(new Set(sentIds()).size).toBe(sentIds().length);
      const wire = collector.deliveries.reduce((sum, delivery) => sum + delivery.bytes, 0);
      expect(wire).toBeLessThan(64 * 1024);
    },
    60_000,
  );

  it('keeps the queue in localStorage where IndexedDB is away', async () => {
    const first = await browser.newPage();
    const away = () => Object.defineProperty(window, 'indexedDB', { value: undefined });
    await first.addInitScript(away);
    await first.goto(collector.url);
    await start(first);
    await browser.context.setOffline(true);
    const ids = await track(first, 25);
    await eventually(async () => expect((await stateOf(first)).storage).toBe('localStorage'));
    await closed(first);
    await browser.context.setOffline(false);

    const second = await browser.newPage();
    await second.addInitScript(away);
    await second.goto(collector.url);
    await start(second);
    await eventually(() => expect(sorted(sentIds())).toEqual(sorted(ids)), { within: 15_000 });
    await eventually(async () => expect(await rowsInLocalStorage(second)).toEqual([]));
  }, 60_000);

  it('sends on when neither store takes anything more', async () => {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const full = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
      IDBObjectStore.prototype.put = full;
      Storage.prototype.setItem = full;
    });
    await page.goto(collector.url);
    await start(page);
    const ids = await track(page, 30);
    await eventually(() => expect(sorted(sentIds())).toEqual(sorted(ids)), { within: 10_000 });
    await eventually(async () => expect((await stateOf(page)).queued).toBe(0));
  }, 60_000);

  it('goes on after the page was kept in the browser and is shown again', async () => {
    const page = await aPage();
    await start(page);
    await browser.context.setOffline(true);
    const ids = await track(page, 5);
    await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    });
    ids.push(...(await track(page, 5)));
    await browser.context.setOffline(false);
    await eventually(() => expect(sorted(sentIds())).toEqual(sorted(ids)), { within: 15_000 });
  }, 60_000);
});
