import type { Page } from 'playwright-core';
import type { InitOptions, MoneyFlowApi, Notice, State } from '../src/api';

declare global {
  interface Window {
    MoneyFlow: MoneyFlowApi;
    notices: Notice[];
  }
}

export type Told = Omit<InitOptions, 'getToken' | 'onNotice'>;

/** Starts the SDK on the page that is open; by default nothing is tracked by itself. */
export async function start(page: Page, options: Told = {}): Promise<void> {
  await page.evaluate((told) => {
    window.notices = [];
    window.MoneyFlow.init({
      writeKey: 'mf_live_of_this_page',
      auto: false,
      ...told,
      onNotice: (notice) => window.notices.push(notice),
    });
  }, options);
}

/** @returns their ids */
export function track(page: Page, count: number, padding = 0): Promise<string[]> {
  return page.evaluate(
    ([times, length]) =>
      Array.from({ length: times }, (_, at) =>
        String(window.MoneyFlow.track('login', { method: 'password', at, padding: 'x'.repeat(length) })),
      ),
    [count, padding] as const,
  );
}

export const stateOf = (page: Page): Promise<State> => page.evaluate(() => window.MoneyFlow.state());

export const noticesOf = (page: Page): Promise<Notice[]> => page.evaluate(() => window.notices);

export const flush = (page: Page): Promise<void> => page.evaluate(() => window.MoneyFlow.flush());

/** How many rows the browser keeps for pages to come, of all tabs. */
export function stored(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let count = Object.keys(localStorage).filter((key) => key.includes(':row:')).length;
    for (const { name } of await indexedDB.databases()) {
      count += await new Promise<number>((resolve) => {
        const opening = indexedDB.open(name ?? '');
        // deleted meanwhile: it is not to be there again
        opening.onupgradeneeded = () => opening.transaction?.abort();
        opening.onerror = () => resolve(0);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('rows').objectStore('rows').count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      });
    }
    return count;
  });
}

/** The JSON of the events that IndexedDB keeps, in characters. */
export function storedChars(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let chars = 0;
    for (const { name } of await indexedDB.databases()) {
      chars += await new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name ?? '');
        opening.onerror = () => reject(new Error('no database'));
        opening.onsuccess = () => {
          const reading = opening.result.transaction('rows').objectStore('rows').getAll();
          reading.onsuccess = () =>
            resolve((reading.result as { json: string }[]).reduce((sum, { json }) => sum + json.length, 0));
        };
      });
    }
    return chars;
  });
}
