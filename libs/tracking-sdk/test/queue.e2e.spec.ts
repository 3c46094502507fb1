import { Chromium, eventually } from '@libs/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { FakeCollector } from './fake-collector';
import { noticesOf, start, stateOf, stored, storedChars, track } from './page-with-sdk';
import { trackBelievable, trackNoise } from './believable-events';

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
/** In one breath: no time for an answer, nor for a second request after the first. */
async function leave(page: Page, closes: boolean): Promise<void> {
  const leaving = page.evaluate((close) => {
    window.MoneyFlow.resume();
    if (close) window.close();
    else location.href = 'about:blank';
  }, closes);
  await leaving.catch(() => undefined);
  if (closes) await page.close({ runBeforeUnload: true });
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
    'sends 100 KB of believable events that wait when the page %s',
    async (how) => {
      const page = await aPage();
      await start(page);
      await page.evaluate(() => window.MoneyFlow.pause());
      const ids = await trackBelievable(page, 150);
      await eventually(async () => expect(await stored(page)).toBe(150));
      expect(await storedChars(page)).toBeGreaterThan(100_000);
      await leave(page, how === 'is closed');
      await sleep(3_000);
      await eventually(() => expect(sentIds().length).toBeGreaterThanOrEqual(ids.length * 0.95));
      expect(new Set(sentIds()).size).toBe(sentIds().length);
      const wire = collector.deliveries.reduce((sum, delivery) => sum + delivery.bytes, 0);
      expect(wire).toBeLessThan(64 * 1024);
    },
    60_000,
  );

  it('sends as much noise as fits when the page leaves, and the rest from a later one', async () => {
    const page = await aPage();
    await start(page);
    await page.evaluate(() => window.MoneyFlow.pause());
    const ids = await trackNoise(page, 150);
    await eventually(async () => expect(await stored(page)).toBe(150));
    expect(await storedChars(page)).toBeGreaterThan(150_000);
    await leave(page, false);
    await sleep(2_000);
    await eventually(() => {
      const wire = collector.deliveries.reduce((sum, delivery) => sum + delivery.bytes, 0);
      expect(wire).toBeGreaterThan(50_000);
    });
    expect(new Set(sentIds()).size).toBeLessThan(150);
    const later = await aPage();
    await start(later);
    await eventually(() => expect(sorted([...new Set(sentIds())])).toEqual(sorted(ids)), { within: 15_000 });
  }, 60_000);

  it('holds 4 MB: the oldest go, and that is told', async () => {
    const page = await aPage();
    await start(page);
    await browser.context.setOffline(true);
    const ids = await track(page, 30, 200_000);
    expect((await stateOf(page)).queued).toBe(19);
    const dropped = (await noticesOf(page)).flatMap((notice) => (notice.kind === 'dropped' ? [notice] : []));
    expect(dropped).toEqual(
      ids.slice(0, 11).map((eventId) => ({ kind: 'dropped', eventId, code: 'queue_full' })),
    );
    await eventually(async () => expect(await stored(page)).toBe(19));
    expect(await storedChars(page)).toBeLessThan(4_000_000);
  }, 60_000);

  it('takes localStorage where IndexedDB never answers, and a later page finds it there', async () => {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest;
    });
    await page.goto(collector.url);
    await start(page);
    await browser.context.setOffline(true);
    const ids = await track(page, 25);
    await eventually(async () => expect((await stateOf(page)).storage).toBe('localStorage'));
    await eventually(async () => expect(await rowsInLocalStorage(page)).toHaveLength(25));
    await closed(page);
    await browser.context.setOffline(false);

    const later = await aPage();
    await start(later);
    await eventually(() => expect(sorted(sentIds())).toEqual(sorted(ids)), { within: 15_000 });
    expect((await stateOf(later)).storage).toBe('indexedDB');
    await eventually(async () => expect(await rowsInLocalStorage(later)).toEqual([]));
  }, 60_000);

  it('leaves the events of a living tab alone where the browser has no locks, and takes those of a dead one', async () => {
    const aTab = async (minutes: number): Promise<Page> => {
      const page = await browser.newPage();
      await page.addInitScript(() =>
        Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }),
      );
      await page.goto(collector.url);
      await later(page, minutes);
      await start(page);
      return page;
    };
    // As after as many minutes; consent looks for abandoned rows at once, instead of within the minute.
    const later = (page: Page, minutes: number) =>
      page.evaluate((ms) => {
        const before = Date.now.bind(Date);
        Date.now = () => before() + ms;
        window.MoneyFlow.optIn();
      }, minutes * 60_000);
    const living = await aTab(0);
    await browser.context.setOffline(true).catch(() => undefined);
    await track(living, 5);
    await eventually(async () => expect(await stored(living)).toBe(5));
    await later(living, 11);
    await browser.context.setOffline(false);
    await living.evaluate(() => window.MoneyFlow.pause());
    const other = await aTab(11);
    await other.evaluate(() => window.MoneyFlow.pause());
    await sleep(1_000);
    expect((await stateOf(other)).queued).toBe(0);
    await later(other, 11);
    await eventually(async () => expect((await stateOf(other)).queued).toBe(5));
  }, 60_000);

  it('takes over soon what a page left whose lock the browser has not yet let go', async () => {
    const first = await aPage();
    await start(first);
    await browser.context.setOffline(true);
    const ids = await track(first, 10);
    await eventually(async () => expect(await stored(first)).toBe(10));
    await closed(first);
    await browser.context.setOffline(false);

    const second = await browser.newPage();
    await second.addInitScript(() => {
      const request = LockManager.prototype.request as (...told: unknown[]) => Promise<unknown>;
      const until = Date.now() + 2_000;
      LockManager.prototype.request = function (this: LockManager, ...told: unknown[]) {
        if (Date.now() < until && told.length === 3 && asked++)
          return (told[2] as (lock: null) => Promise<unknown>)(null) ?? Promise.resolve();
        return request.apply(this, told);
      };
      let asked = 0; // the first is its own
    });
    await second.goto(collector.url);
    await start(second);
    await eventually(() => expect(sorted(sentIds())).toEqual(sorted(ids)), { within: 15_000 });
  }, 60_000);

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
