import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually } from '@libs/testing';
import { Browser, chromium, Page } from 'playwright-core';
import { demoCompany } from '../src/demo/demo-company';
import { AllInOne } from './all-in-one';

const CHROMIUM = {
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
};
/** Where to put a picture of the page, for somebody to look at; nowhere by default. */
const SCREENSHOT = process.env['TEST_PAGE_SCREENSHOT'];

/** /test.html in a real browser, on `npm start` with its demo company. */
describe('the page to try the SDK', () => {
  let house: AllInOne;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    house = await AllInOne.prepare();
    await house.start();
    await eventually(async () => expect(await demoKey()).toMatch(/^mf_live_/), {
      within: 60_000,
      every: 250,
    });
    browser = await chromium.launch(CHROMIUM);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await house?.remove();
  });

  beforeEach(async () => {
    complaints.length = 0;
    // A context of its own: nothing of another test is on its device.
    const context = await browser.newContext({ viewport: { width: 1320, height: 1250 }, locale: 'pt-BR' });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await page.goto(`${house.url}/test.html`);
    await page.waitForSelector('#types .type');
  });
  afterEach(() => page.context().close());

  it('sends each of the 19 types with what it suggests, and each is accepted', async () => {
    const types = await page.$$eval('#types .type', (all) =>
      all.map((one) => one.getAttribute('data-type') ?? ''),
    );
    expect(types).toHaveLength(19);
    for (const type of types) {
      await page.click(`.type[data-type="${type}"]`);
      await page.click('#send');
    }
    await flushUntil(async () =>
      expect(await statesOf(types)).toEqual(types.map((type) => [type, 'accepted'])),
    );
    expect(await page.textContent('#total-rejected')).toBe('0');
    if (SCREENSHOT) {
      mkdirSync(dirname(SCREENSHOT), { recursive: true });
      await page.screenshot({ path: SCREENSHOT, fullPage: true });
    }
    expect(complaints).toEqual([]);
  }, 60_000);

  it('shows why one is refused, and that the others of its batch are not', async () => {
    await page.click('#send-wrong');
    await page.click('#send');
    await flushUntil(async () => {
      expect(await page.textContent('tr[data-state="rejected"]')).toContain('malformed_amount');
      expect(await page.locator('tr[data-state="accepted"]').count()).toBeGreaterThanOrEqual(1);
    });
    expect(await page.textContent('#answers')).toContain('HTTP 202');
  });

  it('keeps events in the queue while the connection is switched off, over a reload too, and sends them after', async () => {
    await flushUntil(async () => expect(await page.textContent('#queued')).toBe('0'));
    await page.click('label:has(#online)');
    await page.click('#send');
    await page.click('#send');
    await page.click('#flush');
    await eventually(async () => expect(await page.textContent('#queued')).toBe('2'));
    expect(await page.textContent('#text-sending')).toBe('Conexão desligada');
    await page.click('label:has(#online)');
    await eventually(async () => expect(await page.textContent('#queued')).toBe('0'), { within: 15_000 });
    expect(await page.textContent('#total-accepted')).toBe('3');
    await page.click('label:has(#online)');
    await page.click('#send');
    await page.reload();
    await flushUntil(async () => expect(Number(await page.textContent('#total-accepted'))).toBe(2));
    expect(await page.textContent('#total-failed')).toBe('0');
  });

  it('tracks nothing without consent', async () => {
    await flushUntil(async () => expect(await page.textContent('#queued')).toBe('0'));
    await page.click('label:has(#consent)');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.click('#send');
    await page.click('#flush');
    await page.click('#buy');
    expect(await page.textContent('#notice')).toContain('Sem consentimento');
    expect(await page.textContent('#device-id')).toBe('–');
    expect(requests).toEqual([]);
  });

  it('shows who is identified, and nobody after a reset, on another device id', async () => {
    await page.fill('#user', 'cliente-42');
    await page.click('#identify-form button');
    await page.click('#send');
    await eventually(async () => expect(await page.textContent('#user-id')).toBe('cliente-42'));
    const device = await page.textContent('#device-id');
    await page.click('#reset');
    await page.click('#send');
    await eventually(async () => {
      expect(await page.textContent('#user-id')).toBe('ninguém');
      expect(await page.textContent('#device-id')).not.toBe(device);
    });
  });

  it('tracks the example shop by itself, and its own controls not at all', async () => {
    await page.click('#buy');
    await page.fill('#order input[name="nome"]', 'Segredo de Estado');
    await page.click('#order button');
    await flushUntil(async () => {
      const types = await page.$$eval('#rows tr', (rows) => rows.map((row) => row.children[1]?.textContent));
      expect(types.filter((type) => type === 'form_submit')).toHaveLength(1);
      expect(new Set(types)).toEqual(new Set(['page_view', 'click', 'form_submit']));
    });
  });

  it('shows on a telephone, too, what became of each event', async () => {
    await page.setViewportSize({ width: 375, height: 812 });
    await page.click('#send');
    const state = page.locator('#rows tr').first().locator('td').last();
    const box = await state.evaluate((cell) => {
      const [own, around] = [cell, cell.closest('.scroll')!].map((one) => one.getBoundingClientRect());
      return { cell: own!.right, card: around!.right };
    });
    expect(box.cell).toBeLessThanOrEqual(box.card + 1);
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBe(375);
  });

  it('asks for a key where there is no demo company', async () => {
    await page.route('**/test.json', (route) => route.fulfill({ json: {} }));
    await page.reload();
    await page.waitForSelector('#key-form', { state: 'visible' });
    await page.fill('#key', (await demoKey()) ?? '');
    await page.click('#key-form button');
    await page.click('#send');
    await flushUntil(async () =>
      expect(await page.locator('tr[data-state="accepted"]').count()).toBeGreaterThanOrEqual(1),
    );
  });

  it('says so when its key is refused, and keeps the events', async () => {
    await page.route('**/test.json', (route) => route.fulfill({ json: { writeKey: 'mf_live_nothing' } }));
    await page.reload();
    await page.waitForSelector('#types .type');
    await page.click('#send');
    await page.click('#flush');
    await eventually(async () => expect(await page.textContent('#notice')).toContain('recusou a chave'));
    expect(Number(await page.textContent('#queued'))).toBeGreaterThanOrEqual(1);
  });

  it('is a page that runs its own files alone, and is asked for again only when it changed', async () => {
    for (const path of ['/test.html', '/test/page.js', '/test/page.css', '/test/icon.svg']) {
      const answer = await fetch(house.url + path);
      expect([path, answer.status]).toEqual([path, 200]);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      const etag = answer.headers.get('etag') ?? '';
      const again = await fetch(house.url + path, { headers: { 'if-none-match': etag } });
      expect(again.status).toBe(304);
    }
    for (const path of ['/test/..%2f..%2fpackage.json', '/test/nothing.js', '/test/page.html.map']) {
      expect([path, (await fetch(house.url + path)).status]).toEqual([path, 404]);
    }
  });

  it('has a demo company whose transactions, notifications and insights are there to read', async () => {
    const { email, password } = demoCompany;
    const { tokens } = await call<{ tokens: { accessToken: string } }>('/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    for (const [path, least] of [
      ['/transactions?limit=100', 100],
      ['/notifications', 10],
      ['/insights', 1],
    ] as const) {
      await eventually(
        async () => {
          const { items } = await call<{ items: unknown[] }>(path, { headers });
          expect([path, items.length >= least]).toEqual([path, true]);
        },
        { within: 20_000, every: 250 },
      );
    }
  }, 60_000);

  it('keeps the key where its owner alone reads it, and has the same one after a restart', async () => {
    const key = await demoKey();
    expect(statSync(join(house.dataDir, 'demo-write-key')).mode & 0o777).toBe(0o600);
    await house.running.stop();
    await house.start();
    await eventually(async () => expect(await demoKey()).toBe(key), { within: 30_000, every: 250 });
  }, 60_000);

  async function call<T>(path: string, init: RequestInit): Promise<T> {
    const answer = await fetch(`${house.url}/api/v1${path}`, init);
    expect([path, answer.status]).toEqual([path, 200]);
    return (await answer.json()) as T;
  }

  async function demoKey(): Promise<string | undefined> {
    const answer = await fetch(`${house.url}/test.json`);
    return ((await answer.json()) as { writeKey?: string }).writeKey;
  }

  async function flushUntil(seen: () => Promise<void>): Promise<void> {
    await eventually(
      async () => {
        await page.click('#flush');
        await seen();
      },
      { within: 20_000, every: 250 },
    );
  }

  /** Of each type its newest event's state. */
  async function statesOf(types: readonly string[]): Promise<(string | null)[][]> {
    return Promise.all(
      types.map(async (type) => [
        type,
        await page.locator('#rows tr', { hasText: type }).first().getAttribute('data-state'),
      ]),
    );
  }
});
