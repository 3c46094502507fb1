import { Chromium, eventually } from '@libs/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { FakeCollector } from './fake-collector';
import { flush, noticesOf, start, stateOf, stored, track } from './page-with-sdk';
import { scenes } from './scene';

let browser: Chromium;

beforeAll(async () => {
  browser = await Chromium.open();
});
afterAll(() => browser.close());

const test = scenes(() => browser);
const ofType = ({ events }: FakeCollector, type: string) =>
  events.filter(({ event_type: is }) => is === type).map(({ properties }) => properties);

/** With the application's own things, to the last character. */
const fillLocalStorage = (page: Page) =>
  page.evaluate(() => {
    for (let size = 1 << 20, at = 0; size >= 1; at++)
      try {
        localStorage.setItem(`app${at}`, 'x'.repeat(size));
      } catch {
        size >>= 1;
      }
  });

describe('storage that is', () => {
  test('full does not make another device and another visit of every event', async ({ collector, aPage }) => {
    const page = await aPage(null);
    await fillLocalStorage(page);
    await start(page);
    await track(page, 10);
    await eventually(() => expect(collector.events).toHaveLength(10));
    expect(new Set(collector.events.map(({ user }) => user.device_id)).size).toBe(1);
    expect(new Set(collector.events.map(({ session }) => session.session_id)).size).toBe(1);
    expect(collector.events.map(({ session }) => session.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('full keeps the no of a person all the same', async ({ aPage }) => {
    const page = await aPage();
    await track(page, 1);
    await fillLocalStorage(page);
    await page.evaluate(() => window.MoneyFlow.optOut());
    await page.reload();
    await start(page);
    expect((await stateOf(page)).tracking).toBe(false);
  });

  test('cleared by the application does not make a yes of a no', async ({ aPage }) => {
    const page = await aPage();
    await page.evaluate(() => {
      window.MoneyFlow.optOut();
      localStorage.clear();
    });
    expect(await track(page, 1)).toEqual(['undefined']);
    await page.evaluate(() => window.MoneyFlow.optIn());
    expect((await stateOf(page)).tracking).toBe(true);
  });

  test('beyond its quota leaves the queue to localStorage', async ({ collector, context, aPage }) => {
    const page = await aPage();
    await context.setOffline(true);
    await track(page, 1);
    await eventually(async () => expect(await stored(page)).toBe(1));
    // A full disk: every put succeeds, and the transaction does not.
    await page.evaluate(() => {
      const put = IDBObjectStore.prototype.put;
      IDBTransaction.prototype.commit = () => undefined;
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, row: unknown) {
        const request = put.call(this, row);
        request.onsuccess = () => this.transaction.abort();
        return request;
      };
    });
    await track(page, 5);
    await eventually(async () => expect(await stored(page)).toBe(6));
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':row:')).length),
    ).toBe(5);
    await context.setOffline(false);
    await flush(page);
    await eventually(async () => expect(await stored(page)).toBe(0), { within: 10_000 });
    expect(collector.events).toHaveLength(6);
  });

  test('deleted by the application is not in its way, and the queue goes on', async ({
    collector,
    context,
    aPage,
  }) => {
    const page = await aPage();
    await context.setOffline(true);
    await track(page, 3);
    await eventually(async () => expect(await stored(page)).toBe(3));
    const outcome = await page.evaluate(async () => {
      const [{ name } = {}] = await indexedDB.databases();
      return new Promise<string>((resolve) => {
        const deleting = indexedDB.deleteDatabase(name ?? '');
        deleting.onsuccess = () => resolve('deleted');
        setTimeout(() => resolve('blocked'), 10_000);
      });
    });
    expect(outcome).toBe('deleted');
    await track(page, 4);
    await eventually(async () => expect(await stored(page)).toBe(4));
    await context.setOffline(false);
    await flush(page);
    await eventually(() => expect(collector.events).toHaveLength(7), { within: 10_000 });
  });
});

describe('a word that is given', () => {
  for (const [word, told] of [
    ['optOut', {}],
    ['optIn', { consent: 'required' }],
  ] as const)
    test(`before anything is set up counts: ${word}`, async ({ aPage }) => {
      const page = await aPage(null);
      await page.evaluate((name) => window.MoneyFlow[name](), word);
      await start(page, told);
      expect((await stateOf(page)).tracking).toBe(word === 'optIn');
      await page.reload();
      await start(page, told);
      expect((await stateOf(page)).tracking).toBe(word === 'optIn');
      expect(
        await page.evaluate(() => Object.keys(localStorage).filter((key) => !key.includes('mf_live'))),
      ).toEqual([]);
    });

  test('by Do Not Track since the last visit deletes what that one left', async ({
    collector,
    context,
    aPage,
  }) => {
    const page = await aPage();
    await context.setOffline(true);
    await track(page, 12);
    await eventually(async () => expect(await stored(page)).toBe(12));
    await page.close();
    await context.setOffline(false);
    const later = await aPage({}, () =>
      Object.defineProperty(Navigator.prototype, 'doNotTrack', { value: '1' }),
    );
    await eventually(async () =>
      expect(
        await later.evaluate(async () => [...Object.keys(localStorage), ...(await indexedDB.databases())]),
      ).toEqual([]),
    );
    expect(collector.deliveries).toEqual([]);
  });

  test('as a no leaves no empty database behind', async ({ aPage }) => {
    const [page, other] = [await aPage(), await aPage()];
    await track(page, 1);
    await track(other, 1);
    await eventually(async () => expect(await stored(page)).toBe(2));
    await page.evaluate(() => window.MoneyFlow.optOut());
    await eventually(async () => expect(await page.evaluate(() => indexedDB.databases())).toEqual([]));
  });
});

describe('a page', () => {
  test('whose elements have the names of the document’s own properties is told all the same', async ({
    collector,
    thrown,
    aPage,
  }) => {
    collector.html = '<form name="title"></form><form name="referrer"></form>';
    const page = await aPage({ auto: true });
    await flush(page);
    await eventually(() => expect(ofType(collector, 'page_view')).toEqual([{ path: '/conta' }]));
    expect(thrown).toEqual([]);
  });

  test('cannot lead the SDK elsewhere by an element that is named as the running script', async ({
    collector,
    aPage,
  }) => {
    const other = await FakeCollector.open();
    collector.above = `<img name="currentScript" src="${other.url}/x.png">`;
    const page = await aPage();
    await track(page, 10);
    await eventually(() => expect(collector.events).toHaveLength(10));
    expect(other.deliveries).toEqual([]);
    await other.close();
  });

  test('that carries the script twice is told once', async ({ collector, aPage }) => {
    const script = '<script src="/moneyflow-tracking.js" data-write-key="mf_live_twice"></script>';
    collector.html = script + script;
    const page = await aPage(null);
    await track(page, 1);
    await sleep(6_000);
    await eventually(() => expect(collector.types).toEqual(['page_view', 'login']));
  });

  test('that is rendered before anybody sees it is told when it is shown', async ({ collector, aPage }) => {
    const page = await aPage({ auto: true }, () =>
      Object.defineProperty(Document.prototype, 'prerendering', { value: true, configurable: true }),
    );
    await flush(page);
    await sleep(500);
    expect(collector.deliveries).toEqual([]);
    await page.evaluate(() => {
      Object.defineProperty(Document.prototype, 'prerendering', { value: false });
      document.dispatchEvent(new Event('prerenderingchange'));
    });
    await flush(page);
    await eventually(() => expect(collector.types).toEqual(['page_view']));
  });

  test('has no error of the SDK’s, whatever it hands over', async ({ collector, thrown, aPage }) => {
    const page = await aPage();
    const made = await page.evaluate(() => {
      const fails = () => {
        throw new Error('no');
      };
      const trap = () => Object.defineProperty({}, 'path', { enumerable: true, get: fails });
      const { MoneyFlow: flow } = window;
      return [
        flow.page(trap()),
        flow.track('login', trap()),
        flow.track('login', { much: 10n ** 30n }),
        flow.track('login', { toJSON: fails }),
        flow.track('login', new Proxy({}, { ownKeys: fails })),
      ];
    });
    expect(made).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(await noticesOf(page)).toEqual(
      made.map(() => ({ kind: 'dropped', eventId: expect.any(String), code: 'not_json' })),
    );
    await track(page, 10);
    await eventually(() => expect(collector.events).toHaveLength(10));
    expect(thrown).toEqual([]);
  });

  test('with events that are no real ones brings nothing into disorder', async ({
    collector,
    thrown,
    aPage,
  }) => {
    collector.html = '<button id="ok">x</button>';
    const page = await aPage({ auto: { pageViews: false } });
    await page.evaluate(() => {
      document.body.dispatchEvent(new Event('submit', { bubbles: true }));
      dispatchEvent(new Event('submit'));
      dispatchEvent(new Event('click'));
      document.querySelector('#ok')!.dispatchEvent(new Event('click', { bubbles: true }));
      dispatchEvent(new Event('unhandledrejection'));
      const odd = new Error('estranho');
      Object.assign(odd, { stack: [1], name: 7 });
      dispatchEvent(new ErrorEvent('error', { message: 'estranho', error: odd }));
    });
    await flush(page);
    await eventually(() => expect(collector.events).toHaveLength(3));
    expect(ofType(collector, 'click')).toEqual([{ element: 'button', element_id: 'ok', x: 0, y: 0 }]);
    expect(ofType(collector, 'error')).toEqual([
      { kind: 'unhandledrejection', message: 'unknown' },
      { kind: 'error', message: 'estranho', line: 0, column: 0 },
    ]);
    expect(thrown).toEqual([]);
  });
});

describe('what is longer than the collector takes', () => {
  test('is cut, and never through a character', async ({ collector, aPage }) => {
    const page = await aPage({ auto: { pageViews: false } });
    await page.evaluate(() => {
      history.replaceState({}, '', `/${'a'.repeat(9_000)}`);
      document.title = `${'a'.repeat(1_023)}😀`;
      window.MoneyFlow.page();
      dispatchEvent(
        new ErrorEvent('error', {
          message: `${'a'.repeat(7_999)}😀`,
          filename: `data:,${'a'.repeat(9_000)}`,
        }),
      );
    });
    await flush(page);
    await eventually(() => expect(collector.events).toHaveLength(2));
    const spoilt = collector.events
      .flatMap(({ context, properties }) => Object.entries({ ...context, ...properties }))
      .filter(([, value]) => String(value).length > 8_192 || !String(value).isWellFormed())
      .map(([name]) => name);
    expect(spoilt).toEqual([]);
    expect(String(ofType(collector, 'page_view')[0]?.['title'])).toHaveLength(1_023);
  });
});

describe('clicks and forms of', () => {
  test('a form whose fields have the names of its own properties', async ({ collector, thrown, aPage }) => {
    const names = ['id', 'name', 'action', 'elements', 'length', 'submit', 'target', 'getAttribute'];
    collector.html = `<form id="pix" name="transferir" action="/enviar?x=1">${names
      .map((name) => `<input name="${name}" value="segredo">`)
      .join('')}<button id="ok">Enviar</button></form>`;
    const page = await aPage({ auto: { pageViews: false } });
    // Playwright's own click does not outlive this form.
    await page.evaluate(() => document.getElementById('ok')!.click());
    await page.waitForURL('**/enviar*');
    await eventually(() => expect(ofType(collector, 'form_submit')).toHaveLength(1));
    expect(ofType(collector, 'form_submit')).toEqual([
      { form_id: 'pix', form_name: 'transferir', action: '/enviar', fields: names },
    ]);
    expect(JSON.stringify(collector.events)).not.toContain('segredo');
    expect(thrown).toEqual([]);
  });

  test('parts in shadow trees and of drawings', async ({ collector, aPage }) => {
    collector.html = `<button id="a"><x-icon></x-icon></button>
      <div data-mf-ignore><button id="b"><x-icon></x-icon></button></div>
      <button id="c"><svg width="20" height="20"><path id="drawn" d="M0 0h20v20H0z"/></svg></button>
      <svg width="20" height="20"><a id="d" href="/saldo?cpf=1"><rect width="20" height="20"/></a></svg>
      <x-quiet></x-quiet>`;
    const page = await aPage({ auto: { pageViews: false } });
    await page.evaluate(() => {
      document.addEventListener('click', (event) => event.preventDefault());
      const fill = (name: string, html: string) =>
        document.querySelectorAll(name).forEach((host) => {
          host.attachShadow({ mode: 'open' }).innerHTML = html;
        });
      fill('x-icon', '<i>+</i>');
      fill('x-quiet', '<p data-mf-ignore><button>x</button></p>');
    });
    for (const button of ['#a i', '#b i', '#drawn', '#d rect', 'x-quiet button']) await page.click(button);
    await flush(page);
    await eventually(() => expect(ofType(collector, 'click')).toHaveLength(3));
    expect(
      ofType(collector, 'click').map((told) => [told?.['element'], told?.['element_id'], told?.['href']]),
    ).toEqual([
      ['button', 'a', undefined],
      ['button', 'c', undefined],
      ['a', 'd', '/saldo'],
    ]);
  });

  test('a button whose label names somebody in a part that is to be ignored, and of what people write', async ({
    collector,
    aPage,
  }) => {
    collector.html = `<button id="a">Pagar <b data-mf-ignore>segredo</b></button>
      <p role="button" id="b">Nota <textarea>segredo</textarea></p>
      <p role="button" id="c">Conta <select><option>segredo</option></select></p>
      <p onclick="" id="d">Nota <span contenteditable>segredo</span></p>
      <div contenteditable><a id="e" href="/x">segredo</a></div>
      <button id="f">Sair</button>`;
    const page = await aPage({ auto: { pageViews: false }, clickText: true });
    await page.evaluate(() => {
      document.addEventListener('click', (event) => event.preventDefault());
      for (const id of 'abcdef')
        document
          .getElementById(id)!
          .dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    });
    await flush(page);
    await eventually(() => expect(ofType(collector, 'click').length).toBeGreaterThanOrEqual(6));
    expect(JSON.stringify(collector.events)).not.toContain('segredo');
    expect(ofType(collector, 'click').map((told) => told?.['text'])).toContain('Sair');
  });
});
