import { Chromium, eventually } from '@libs/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { FakeCollector, SentEvent } from './fake-collector';
import { flush, start, stateOf, stored, Told, track } from './page-with-sdk';

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

async function aPage(options: Told, prepare?: () => void): Promise<Page> {
  const page = await context.newPage();
  if (prepare) await page.addInitScript(prepare);
  await page.goto(`${collector.url}/conta`);
  await start(page, options);
  return page;
}
const traces = (page: Page) =>
  page.evaluate(async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...(await indexedDB.databases()).map(({ name }) => name),
    document.cookie,
  ]);
const ofType = (type: string): SentEvent[] => collector.events.filter((event) => event.event_type === type);

describe('consent', () => {
  it('without it nothing is sent and nothing is on the device', async () => {
    const page = await aPage({ consent: 'required', auto: true });
    await page.mouse.click(5, 5);
    expect(await track(page, 12)).toEqual(Array.from({ length: 12 }, () => 'undefined'));
    await flush(page);
    await page.reload();
    await start(page, { consent: 'required', auto: true });
    await sleep(6_000);
    expect(collector.deliveries).toEqual([]);
    expect(await traces(page)).toEqual(['']);
  });

  it('begins with the page that is shown when it is given, and lasts', async () => {
    const page = await aPage({ consent: 'required', auto: true });
    await page.evaluate(() => window.MoneyFlow.optIn());
    await eventually(() => expect(collector.types).toEqual(['page_view']));
    await page.reload();
    await start(page, { consent: 'required', auto: true });
    await eventually(() => expect(collector.types).toEqual(['page_view', 'page_view']));
  });

  it('taken back in one tab ends all of it in every tab: the queue and the ids are forgotten', async () => {
    const [page, other] = [await aPage({}), await aPage({})];
    await context.setOffline(true);
    await track(page, 8);
    await track(other, 8);
    await eventually(async () => expect(await stored(page)).toBe(16));
    await page.evaluate(() => window.MoneyFlow.optOut());
    await eventually(async () => expect((await stateOf(other)).queued).toBe(0));
    expect(await track(other, 1)).toEqual(['undefined']);
    await context.setOffline(false);
    await Promise.all([flush(page), flush(other)]);
    await sleep(6_000);
    expect(collector.deliveries).toEqual([]);
    await eventually(async () => expect(await stored(page)).toBe(0));
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(['mf:mf_live_of_this_page:consent']);
  });

  it.each<[string, Told, (() => void) | undefined]>([
    ['is required', { consent: 'required' }, undefined],
    [
      'is refused by Do Not Track',
      {},
      () => Object.defineProperty(Navigator.prototype, 'doNotTrack', { value: '1' }),
    ],
  ])(
    'where it %s keeps whose events they are off the device, and knows it once it is given',
    async (_, options, prepare) => {
      const page = await aPage(options, prepare);
      await page.evaluate(() => window.MoneyFlow.identify('123'));
      expect(await traces(page)).toEqual(['']);
      await page.evaluate(() => window.MoneyFlow.optIn());
      const ids = await track(page, 10);
      await eventually(() => expect(collector.events.map((event) => event.event_id)).toEqual(ids));
      expect(collector.events.map(({ user }) => user.user_id)).toEqual(ids.map(() => '123'));
      await page.evaluate(() => {
        window.MoneyFlow.optOut();
        window.MoneyFlow.identify('456');
      });
      await eventually(async () => expect(await stored(page)).toBe(0));
      expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([
        'mf:mf_live_of_this_page:consent',
      ]);
    },
  );

  it('is asked of those who identify before anything is set up', async () => {
    const page = await context.newPage();
    await page.goto(collector.url);
    await page.evaluate(() => window.MoneyFlow.identify('123'));
    expect(await traces(page)).toEqual(['']);
    await start(page);
    expect((await stateOf(page)).userId).toBe('123');
  });

  it.each(['says that it may come again', 'asks to wait', 'never comes'])(
    'taken back while an answer is under way which %s brings nothing back',
    async (what) => {
      let answer = (): void => undefined;
      collector.judge = async ({ events }) => {
        await new Promise<void>((resolve) => (answer = resolve));
        if (what === 'asks to wait')
          return { status: 503, headers: { 'retry-after': '60' }, body: { code: 'event_log_full' } };
        const rejected = events.map((_, index) => ({ index, code: 'event_log_unavailable', message: '' }));
        return { status: 202, body: { accepted: 0, duplicates: 0, rejected } };
      };
      const page = await aPage({});
      await track(page, 10);
      await eventually(() => expect(collector.deliveries).toHaveLength(1));
      await page.evaluate(() => window.MoneyFlow.optOut());
      if (what !== 'never comes') answer();
      await sleep(1_500);
      expect(await stored(page)).toBe(0);
      expect((await stateOf(page)).queued).toBe(0);
      expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([
        'mf:mf_live_of_this_page:consent',
      ]);
      // and the next one is not kept waiting by the one that was called back
      collector.judge = () => ({ status: 202, body: { accepted: 10, duplicates: 0, rejected: [] } });
      await page.evaluate(() => window.MoneyFlow.optIn());
      await track(page, 10);
      await eventually(() => expect(collector.deliveries).toHaveLength(2));
      answer();
    },
  );

  it.each([
    ['Do Not Track', () => Object.defineProperty(Navigator.prototype, 'doNotTrack', { value: '1' })],
    [
      'Global Privacy Control',
      () => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true }),
    ],
  ])('%s counts as no, until the person says yes', async (_, prepare) => {
    const page = await aPage({}, prepare);
    expect(await track(page, 1)).toEqual(['undefined']);
    expect(await stateOf(page)).toMatchObject({ tracking: false });
    await page.evaluate(() => window.MoneyFlow.optIn());
    const ids = await track(page, 10);
    await eventually(() => expect(collector.events.map((event) => event.event_id)).toEqual(ids));
    await page.evaluate(() => window.MoneyFlow.optOut());
    expect(await track(page, 1)).toEqual(['undefined']);
  });

  it('is not asked of Do Not Track where the application says so', async () => {
    const page = await aPage({ respectDoNotTrack: false }, () =>
      Object.defineProperty(Navigator.prototype, 'doNotTrack', { value: '1' }),
    );
    expect((await stateOf(page)).tracking).toBe(true);
  });
});

describe('clicks and forms', () => {
  const SECRET = 'segredo-123.456.789-09';

  beforeEach(() => {
    collector.html = `
      <a id="extrato" href="/extrato?cpf=${SECRET}#${SECRET}" data-mf-name="extrato">Extrato de ${SECRET}</a>
      <button id="pagar"><b id="dentro">Pagar ${SECRET}</b></button>
      <p id="texto">nada</p>
      <div data-mf-ignore><button id="calado">x</button></div>
      <form id="pix" name="transferir" action="/enviar?chave=${SECRET}">
        <input id="chave" name="chave" value="${SECRET}"><input type="password" name="senha" value="${SECRET}">
        <select name="conta"><option>${SECRET}</option></select><input type="hidden" name="id" value="${SECRET}">
        <input data-mf-ignore name="oculto" value="${SECRET}"><input value="${SECRET}">
        <button id="enviar">Enviar</button>
      </form>
      <form id="quieto" data-mf-ignore action="/x"><button id="calar">x</button></form>`;
  });
  const stay = (page: Page) =>
    page.evaluate(() => document.addEventListener('click', (event) => event.preventDefault()));

  it('tell where and what, never what a person typed or reads', async () => {
    const page = await aPage({ auto: true });
    await stay(page);
    for (const id of ['extrato', 'dentro', 'texto', 'calado', 'chave']) await page.click(`#${id}`);
    await flush(page);
    await eventually(() => expect(ofType('click')).toHaveLength(3));
    expect(ofType('click').map(({ properties }) => properties)).toEqual([
      {
        element: 'a',
        element_id: 'extrato',
        name: 'extrato',
        href: '/extrato',
        x: expect.any(Number),
        y: expect.any(Number),
      },
      { element: 'button', element_id: 'pagar', x: expect.any(Number), y: expect.any(Number) },
      { element: 'input', element_id: 'chave', x: expect.any(Number), y: expect.any(Number) },
    ]);
    expect(JSON.stringify(collector.events)).not.toContain('segredo');
  });

  it('label buttons where the application asks for it, and fields never', async () => {
    const page = await aPage({ auto: true, clickText: true });
    await stay(page);
    await page.click('#enviar');
    await page.click('#chave');
    await flush(page);
    await eventually(() => expect(ofType('click')).toHaveLength(2));
    expect(ofType('click').map(({ properties }) => properties?.['text'])).toEqual(['Enviar', undefined]);
    expect(JSON.stringify(collector.events)).not.toContain('segredo');
  });

  it('name the fields of a form, and not what is in them; the page may leave with it', async () => {
    const page = await aPage({ auto: { clicks: false } });
    await page.click('#enviar');
    await page.waitForURL('**/enviar*');
    await eventually(() => expect(ofType('form_submit')).toHaveLength(1));
    expect(ofType('form_submit')[0]?.properties).toEqual({
      form_id: 'pix',
      form_name: 'transferir',
      action: '/enviar',
      fields: ['chave', 'senha', 'conta', 'id'],
    });
    expect(JSON.stringify(ofType('form_submit'))).not.toContain('segredo');
  });

  it('are silent about a form that asks for it', async () => {
    const page = await aPage({ auto: true });
    await page.click('#calar');
    await page.waitForURL('**/x?*');
    await sleep(500);
    expect(collector.types).toEqual(['page_view']);
  });
});
