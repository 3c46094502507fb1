import type { BrowserContext, Page } from 'playwright-core';
import type { Chromium } from '@libs/testing';
import { FakeCollector } from './fake-collector';
import { start, Told } from './page-with-sdk';

/** What one test has to itself: such tests run beside each other, since most of their time they wait for a clock. */
export interface Scene {
  collector: FakeCollector;
  context: BrowserContext;
  /** What pages threw, and nobody caught. */
  thrown: string[];
  /** A page of the collector's with the SDK in it, and started unless `options` is null. */
  aPage: (options?: Told | null, prepare?: () => void) => Promise<Page>;
}

/** Makes of a play a test with a scene of its own. */
export function scenes(browser: () => Chromium): (promise: string, play: Play) => void {
  return (promise, play) =>
    it.concurrent(promise, async () => {
      const [collector, context] = [await FakeCollector.open(), await browser().newContext()];
      const thrown: string[] = [];
      context.on('weberror', (error) => thrown.push(error.error().message));
      const aPage: Scene['aPage'] = async (options, prepare) => {
        const page = await context.newPage();
        if (prepare) await page.addInitScript(prepare);
        await page.goto(`${collector.url}/conta`);
        if (options !== null) await start(page, options);
        return page;
      };
      try {
        await play({ collector, context, thrown, aPage });
      } finally {
        await context.close();
        await collector.close();
      }
    });
}
type Play = (scene: Scene) => Promise<void>;
