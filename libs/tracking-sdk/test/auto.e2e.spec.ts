import { Chromium, eventually } from '@libs/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { FakeCollector, SentEvent } from './fake-collector';
import { flush, start, Told } from './page-with-sdk';

let collector: FakeCollector;
let browser: Chromium;
let context: BrowserContext;

beforeAll(async () => {
  [collector, browser] = [await FakeCollector.open(), await Chromium.open()];
});
beforeEach(async () => {
  collector.reset();
  context = await browser.newContext();
});
afterEach(() => context.close());
afterAll(async () => {
  await browser.close();
  await collector.close();
});

async function aPage(auto: Told['auto'] = true): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${collector.url}/conta`);
  await start(page, { auto });
  return page;
}
async function sent(page: Page, type: string, count: number): Promise<SentEvent[]> {
  await flush(page);
  const found = () => collector.events.filter((event) => event.event_type === type);
  await eventually(() => expect(found()).toHaveLength(count));
  return found();
}

describe('by itself the SDK tells of', () => {
  it('the pages of a single-page app: once each, with title, and where from', async () => {
    const page = await aPage();
    await page.evaluate(async () => {
      const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
      history.pushState({}, '', '/extrato?mes=11');
      document.title = 'Extrato';
      await turn();
      history.pushState({}, '', '/passagem'); // a redirect
      history.replaceState({}, '', '/pix');
      document.title = 'PIX';
      await turn();
      location.hash = 'access_token=anchor';
      await turn();
      history.replaceState({ scrolled: 1 }, '');
      await turn();
      location.hash = '#/rota';
      await turn();
      history.back();
      await turn();
      await turn();
    });
    const views = await sent(page, 'page_view', 5);
    expect(
      views.map(({ properties, context: { url, referrer } }) => [
        String(url).replace(collector.url, ''),
        referrer === undefined ? undefined : (referrer as string).replace(collector.url, ''),
        properties?.['title'],
        properties?.['path'],
      ]),
    ).toEqual([
      ['/conta', undefined, 'Conta', '/conta'],
      ['/extrato?mes=11', '/conta', 'Extrato', '/extrato'],
      ['/pix', '/extrato?mes=11', 'PIX', '/pix'],
      ['/pix#/rota', '/pix', 'PIX', '/pix'],
      ['/pix', '/pix#/rota', 'PIX', '/pix'],
    ]);
  });

  it('errors and rejections that nobody caught, and not endlessly', async () => {
    const page = await aPage();
    await page.evaluate(() => {
      setTimeout(() => {
        throw new TypeError('saldo is undefined');
      });
      void Promise.reject(new RangeError('limite'));
      const reject = (reason: unknown) =>
        dispatchEvent(
          new PromiseRejectionEvent('unhandledrejection', { reason, promise: Promise.resolve() }),
        );
      reject('texto');
      reject(Object.create(null));
    });
    await page.waitForTimeout(100);
    const errors = await sent(page, 'error', 4);
    const told = errors.map(({ properties }) => [
      properties?.['kind'],
      properties?.['name'],
      properties?.['message'],
    ]);
    expect(told).toContainEqual(['error', 'TypeError', expect.stringContaining('saldo is undefined')]);
    expect(told).toContainEqual(['unhandledrejection', 'RangeError', 'limite']);
    expect(told).toContainEqual(['unhandledrejection', undefined, 'texto']);
    expect(errors.find(({ properties }) => properties?.['name'] === 'TypeError')?.properties).toMatchObject({
      stack: expect.stringContaining('TypeError'),
      line: expect.any(Number),
      column: expect.any(Number),
    });
    await page.evaluate(() => {
      for (let at = 0; at < 100; at++) dispatchEvent(new ErrorEvent('error', { message: `laço ${at}` }));
    });
    await sent(page, 'error', 20);
  });

  it('a heartbeat every minute while the page is seen', async () => {
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(collector.url);
    await start(page, { auto: { pageViews: false } });
    // The clock runs ahead of the network, which would look slow.
    await page.evaluate(() => window.MoneyFlow.pause());
    await page.clock.runFor(125_000);
    await page.evaluate(() => window.MoneyFlow.resume());
    const beats = await sent(page, 'heartbeat', 2);
    expect(beats.map(({ properties }) => properties)).toEqual([
      { interval_ms: 60_000, visible_ms: 60_000 },
      { interval_ms: 60_000, visible_ms: 120_000 },
    ]);
    await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true }));
    await page.clock.runFor(125_000);
    await sent(page, 'heartbeat', 2);
  });

  it('a click on a label once, by the control that is clicked with it', async () => {
    const page = await aPage({ pageViews: false });
    await page.evaluate(() => {
      document.body.innerHTML = `
        <p onclick=""><label id="around"><b>Aceito</b> <input type="checkbox" id="aceito"></label></p>
        <label id="before" for="conta">Conta</label> <select id="conta"><option>1</option></select>
        <label id="link"><a id="termos" href="#termos">Termos</a> <input type="radio" id="li"></label>
        <label id="alone">Saldo <progress></progress></label>
        <form id="form" onclick="">Enviar <input name="control"></form>`;
    });
    const click = (id: string) => page.click(id, { position: { x: 3, y: 3 } });
    for (const id of ['#around b', '#aceito', '#before', '#termos', '#alone', '#form']) await click(id);
    const told = (await sent(page, 'click', 6)).map(({ properties }) => properties?.['element_id']);
    // a progress bar is clicked with its label as well, and is nothing that is told
    expect(told).toEqual(['aceito', 'aceito', 'conta', 'termos', 'alone', 'form']);
    expect(await page.isChecked('#aceito')).toBe(false);
  });

  it('nothing that it was told to leave', async () => {
    const page = await aPage(false);
    await page.evaluate(() => {
      history.pushState({}, '', '/x');
      dispatchEvent(new ErrorEvent('error', { message: 'x' }));
      document.body.innerHTML = '<button>x</button>';
    });
    await page.click('button');
    await page.evaluate(() => window.MoneyFlow.page({ title: 'À mão' }));
    await sent(page, 'page_view', 1);
    expect(collector.types).toEqual(['page_view']);
  });
});

describe('a script element that says how', () => {
  it('starts it without a line of code, and sends to where the script came from', async () => {
    const other = await FakeCollector.open();
    const key = 'mf_live_other';
    other.html = `<script src="${other.url}/moneyflow-tracking.js" data-write-key="${key}" data-consent="assumed"></script>`;
    const page = await context.newPage();
    await page.goto(other.url);
    await flush(page);
    await eventually(() => expect(other.types).toEqual(['page_view']));
    expect(other.deliveries[0]?.url).toBe(`/api/v1/events/batch?key=${key}`);
    await other.close();
  });
});
