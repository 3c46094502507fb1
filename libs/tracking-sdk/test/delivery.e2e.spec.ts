import { Chromium, eventually } from '@libs/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { accept, Delivery, FakeCollector, Reply } from './fake-collector';
import { flush, noticesOf, start, stateOf, stored, track } from './page-with-sdk';
import { scenes } from './scene';

let browser: Chromium;

beforeAll(async () => {
  browser = await Chromium.open();
});
afterAll(() => browser.close());

const test = scenes(() => browser);

const gaps = ({ deliveries }: FakeCollector) =>
  deliveries.slice(1).map(({ at }, i) => at - (deliveries[i] as Delivery).at);
const idsOf = ({ events }: Delivery) => events.map((event) => event.event_id);

/** Answers so once and accepts from then on, by itself: on a busy machine the second request may come before a test says so. */
function atFirst(collector: FakeCollector, reply: (delivery: Delivery) => Reply): void {
  collector.judge = (delivery) => {
    collector.judge = accept;
    return reply(delivery);
  };
}
const oneCame = (collector: FakeCollector) =>
  eventually(() => expect(collector.deliveries.length).toBeGreaterThanOrEqual(1));

describe('delivery', () => {
  test('sends ten at once and fewer after five seconds, without a preflight', async ({ aPage }) => {
    const other = await FakeCollector.open();
    const page = await aPage({ endpoint: other.url });
    const began = Date.now();
    await track(page, 10);
    await eventually(() => expect(other.deliveries).toHaveLength(1));
    expect(Date.now() - began).toBeLessThan(4_500);
    await track(page, 3);
    await eventually(() => expect(other.deliveries).toHaveLength(2));
    expect(Date.now() - began).toBeGreaterThanOrEqual(4_500);
    expect(other.preflights).toEqual([]);
    expect(other.deliveries[0]).toMatchObject({
      url: '/api/v1/events/batch?key=mf_live_of_this_page',
      contentType: 'text/plain',
    });
    await other.close();
  });

  test('goes on after ten came while others were under way', async ({ collector, aPage }) => {
    collector.judge = async (delivery) => {
      await sleep(500);
      return accept(delivery);
    };
    const page = await aPage();
    await track(page, 10);
    await eventually(() => expect(collector.deliveries).toHaveLength(1));
    await track(page, 10);
    await eventually(async () => expect((await stateOf(page)).queued).toBe(0));
    await track(page, 10);
    await eventually(() => expect(collector.deliveries).toHaveLength(3));
  });

  test('numbers the events of a session one by one, and names one device', async ({ collector, aPage }) => {
    const page = await aPage();
    await track(page, 12);
    await flush(page);
    await eventually(() => expect(collector.events).toHaveLength(12));
    expect(collector.events.map(({ session }) => session.seq)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    expect(new Set(collector.events.map(({ user }) => user.device_id)).size).toBe(1);
  });

  test('begins another session after half an hour of nothing, on the same device', async ({
    collector,
    aPage,
  }) => {
    const page = await aPage();
    await page.clock.install();
    // The clock runs ahead of the network, which would look slow.
    await page.evaluate(() => window.MoneyFlow.pause());
    await track(page, 1);
    await page.clock.fastForward('29:00');
    await track(page, 1);
    await page.clock.fastForward('31:00');
    await track(page, 1);
    await page.evaluate(() => window.MoneyFlow.resume());
    await flush(page);
    await eventually(() => expect(collector.events).toHaveLength(3));
    const [first, second, third] = collector.events.map(({ session }) => session);
    expect(second).toEqual({ session_id: first?.session_id, seq: 2 });
    expect(third?.session_id).not.toBe(first?.session_id);
    expect(third?.seq).toBe(1);
  });

  test('waits as long as a 503 says, in every tab and after a reload', async ({ collector, aPage }) => {
    atFirst(collector, () => ({
      status: 503,
      headers: { 'retry-after': '4' },
      body: { code: 'event_log_full' },
    }));
    const page = await aPage();
    const ids = await track(page, 10);
    await oneCame(collector);
    await eventually(async () =>
      expect(await noticesOf(page)).toContainEqual(expect.objectContaining({ kind: 'failed' })),
    );
    const told = (collector.deliveries[0] as Delivery).at;
    const other = await aPage();
    ids.push(...(await track(other, 10)));
    await page.reload();
    await start(page);
    await flush(page);
    await eventually(async () => expect(await stored(page)).toBe(0), { within: 15_000 });
    expect((collector.deliveries[1] as Delivery).at - told).toBeGreaterThanOrEqual(4_000);
    expect(collector.deliveries.slice(1).flatMap(idsOf).sort()).toEqual(ids.sort());
  });

  test('takes a date for Retry-After, too', async ({ collector, aPage }) => {
    let at = '';
    atFirst(collector, () => {
      at = new Date(Date.now() + 5_000).toUTCString();
      return { status: 429, headers: { 'retry-after': at }, body: { code: 'rate_limited' } };
    });
    const page = await aPage();
    await track(page, 10);
    await eventually(() => expect(collector.deliveries).toHaveLength(2), { within: 12_000 });
    expect(collector.deliveries[1]?.at).toBeGreaterThanOrEqual(Date.parse(at));
  });

  for (const what of ['a 500', 'no answer'])
    test(`tries again after 1, 2 and 4 s when there is ${what}`, async ({ collector, aPage }) => {
      collector.judge = () => (what === 'a 500' ? { status: 500 } : 'hang up');
      const page = await aPage();
      const ids = await track(page, 10);
      await eventually(() => expect(collector.deliveries.length).toBeGreaterThanOrEqual(3), {
        within: 15_000,
      });
      collector.judge = accept;
      await eventually(async () => expect((await stateOf(page)).queued).toBe(0), { within: 15_000 });
      const [one = 0, two = 0, four = 0] = gaps(collector);
      expect(one).toBeGreaterThanOrEqual(1_000);
      expect(two).toBeGreaterThanOrEqual(2_000);
      expect(four).toBeGreaterThanOrEqual(4_000);
      expect(four).toBeLessThan(8_000); // what comes next
      expect(idsOf(collector.deliveries.at(-1) as Delivery)).toEqual(ids);
    });

  test('sends again what the collector could not take yet, and that alone', async ({ collector, aPage }) => {
    atFirst(collector, ({ events }) => ({
      status: 202,
      body: {
        accepted: events.length - 2,
        duplicates: 0,
        rejected: [
          { index: 2, code: 'event_log_unavailable', message: 'Later.' },
          { index: 5, code: 'too_old', message: 'Never.' },
        ],
      },
    }));
    const page = await aPage();
    const ids = await track(page, 10);
    await eventually(async () => expect((await stateOf(page)).queued).toBe(0), { within: 15_000 });
    expect(collector.deliveries.slice(1).map(idsOf)).toEqual([[ids[2]]]);
    expect(await noticesOf(page)).toContainEqual(
      expect.objectContaining({
        kind: 'answered',
        accepted: ids.filter((_, at) => at !== 2 && at !== 5),
        rejected: [{ eventId: ids[5], code: 'too_old', message: 'Never.' }],
      }),
    );
  });

  test('lets one event that spoils every batch go, and no other', async ({ collector, aPage }) => {
    let spoilt = '';
    collector.judge = (delivery) =>
      idsOf(delivery).includes(spoilt)
        ? { status: 400, body: { code: 'forbidden_key', detail: 'No.' } }
        : accept(delivery);
    const page = await aPage();
    await page.evaluate(() => window.MoneyFlow.pause());
    const ids = await track(page, 60);
    spoilt = String(ids[37]);
    await page.evaluate(() => window.MoneyFlow.resume());
    await eventually(async () => expect((await stateOf(page)).queued).toBe(0), { within: 15_000 });
    const notices = await noticesOf(page);
    const answered = notices.flatMap((notice) => (notice.kind === 'answered' ? [notice] : []));
    expect(answered.flatMap(({ accepted }) => accepted).sort()).toEqual(
      ids.filter((id) => id !== spoilt).sort(),
    );
    expect(answered.flatMap(({ rejected }) => rejected)).toEqual([
      { eventId: spoilt, code: 'forbidden_key', message: 'No.' },
    ]);
  });

  for (const [what, reply] of [
    ['a sign-in page with 200', { status: 200, body: '<html>Wi-Fi</html>' }],
    ["a proxy's own 413", { status: 413, body: '<html>413</html>' }],
    ['a key that is refused', { status: 401, body: { code: 'revoked_api_key' } }],
  ] satisfies [string, Reply][])
    test(`loses nothing to ${what}`, async ({ collector, aPage }) => {
      collector.judge = () => reply;
      const page = await aPage();
      const ids = await track(page, 10);
      await eventually(() => expect(collector.deliveries.length).toBeGreaterThanOrEqual(2), {
        within: 10_000,
      });
      expect((await stateOf(page)).queued).toBe(10);
      const before = collector.deliveries.length;
      collector.judge = accept;
      await eventually(async () => expect((await stateOf(page)).queued).toBe(0), { within: 15_000 });
      expect(collector.deliveries.slice(before).flatMap(idsOf)).toEqual(ids);
    });

  for (const [status, code] of [
    [400, 'malformed_url'],
    [400, 'malformed_sent_at'],
    [413, 'headers_and_more'],
    [422, 'batch_size'],
  ] satisfies [number, string][])
    test(`deletes nothing for a ${status} ${code}, which speaks of no event, and sends less at once`, async ({
      collector,
      aPage,
    }) => {
      collector.judge = (delivery) =>
        delivery.events.length > 5 ? { status, body: { code, detail: 'No.' } } : accept(delivery);
      const page = await aPage();
      const ids = await track(page, 10);
      await eventually(async () => expect((await stateOf(page)).queued).toBe(0), { within: 20_000 });
      const answered = (await noticesOf(page)).flatMap((notice) =>
        notice.kind === 'answered' ? [notice] : [],
      );
      expect(answered.flatMap(({ accepted }) => accepted)).toEqual(ids);
      expect(answered.flatMap(({ rejected }) => rejected)).toEqual([]);
    });

  test('keeps an event that is refused alone, for what is no fault of its own', async ({
    collector,
    aPage,
  }) => {
    collector.judge = () => ({ status: 400, body: { code: 'malformed_url' } });
    const page = await aPage();
    await track(page, 1);
    await flush(page);
    await eventually(() => expect(collector.deliveries.length).toBeGreaterThanOrEqual(2), { within: 15_000 });
    expect((await stateOf(page)).queued).toBe(1);
  });

  for (const [what, answer] of [
    ['says nothing', { status: 400, body: 'null' }],
    ['has verdicts of nothing', { status: 202, body: { accepted: 0, duplicates: 0, rejected: [null] } }],
    ['has no list of verdicts', { status: 202, body: { accepted: 0, duplicates: 0, rejected: 1 } }],
  ] satisfies [string, Reply][])
    test(`outlives an answer that is JSON and ${what}`, async ({ collector, aPage }) => {
      atFirst(collector, () => answer);
      const page = await aPage();
      await track(page, 10);
      await oneCame(collector);
      await eventually(async () => expect((await stateOf(page)).queued).toBe(0), { within: 15_000 });
    });

  for (const what of ['after a failure', 'after Retry-After', 'for an event that may come again'])
    test(`is not stopped ${what} by a clock that is put back a day`, async ({ collector, aPage }) => {
      collector.judge = ({ events }) => {
        if (what === 'after a failure') return { status: 500 };
        if (what === 'after Retry-After')
          return { status: 503, headers: { 'retry-after': '3' }, body: { code: 'event_log_full' } };
        const rejected = events.map((_, index) => ({ index, code: 'event_log_unavailable', message: '' }));
        return { status: 202, body: { accepted: 0, duplicates: 0, rejected } };
      };
      const page = await aPage();
      const ids = await track(page, 10);
      await eventually(async () =>
        expect((await noticesOf(page)).map(({ kind }) => kind)).toContain(
          what === 'for an event that may come again' ? 'answered' : 'failed',
        ),
      );
      await page.evaluate(() => {
        const real = Date.now.bind(Date);
        Date.now = () => real() - 86_400_000;
      });
      collector.judge = accept;
      await flush(page);
      await eventually(async () => expect((await stateOf(page)).queued).toBe(0));
      expect(idsOf(collector.deliveries.at(-1) as Delivery)).toEqual(ids);
    });

  test('gives up a token that never comes, and asks again', async ({ collector, context }) => {
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(collector.url);
    await page.evaluate(() => {
      window.notices = [];
      let asked = 0;
      window.MoneyFlow.init({
        auto: false,
        getToken: () => (asked++ ? 'second' : new Promise<string>(() => undefined)),
        onNotice: (notice) => window.notices.push(notice),
      });
    });
    const ids = await track(page, 10);
    await page.clock.runFor(31_000);
    expect(await noticesOf(page)).toContainEqual(expect.objectContaining({ kind: 'failed', status: 0 }));
    await page.clock.runFor(2_000);
    await eventually(() => expect(collector.deliveries.map(idsOf)).toEqual([ids]));
    expect(collector.deliveries[0]?.authorization).toBe('Bearer second');
  });

  test('says what time its clock shows when it sends, so that a wrong one can be corrected', async ({
    collector,
    context,
  }) => {
    const page = await context.newPage();
    await page.clock.install({ time: new Date('2031-05-05T10:00:00Z') });
    await page.goto(collector.url);
    await start(page);
    await track(page, 1);
    await page.clock.runFor(6_000);
    await eventually(() => expect(collector.deliveries).toHaveLength(1));
    const [{ sentAt, events } = { sentAt: '', events: [] }] = collector.deliveries;
    const elapsed = Date.parse(sentAt) - Date.parse(events[0]?.timestamp ?? '');
    expect(events[0]?.timestamp).toMatch(/^2031-05-05T10:00:/);
    expect(elapsed).toBeGreaterThanOrEqual(4_900);
    expect(elapsed).toBeLessThan(20_000); // the clock that was put in goes on meanwhile
  });

  test('sends by the token of the person who is signed in, and never what was another person’s', async ({
    collector,
    context,
  }) => {
    const page = await context.newPage();
    await page.goto(collector.url);
    await page.evaluate(() => {
      window.notices = [];
      const tokens: Record<string, string> = { ana: 'token-of-ana', bia: 'token-of-bia' };
      window.MoneyFlow.init({
        auto: false,
        getToken: async () => tokens[window.MoneyFlow.state().userId ?? ''],
        onNotice: (notice) => window.notices.push(notice),
      });
      window.MoneyFlow.identify('ana');
    });
    await context.setOffline(true);
    const [ofAna] = await track(page, 1);
    await page.evaluate(() => {
      window.MoneyFlow.reset();
      window.MoneyFlow.identify('bia');
    });
    const [ofBia] = await track(page, 1);
    await context.setOffline(false);
    await flush(page);
    await eventually(() => expect(collector.deliveries).toHaveLength(1), { within: 8_000 });
    await sleep(500);
    expect(collector.deliveries.map((d) => [d.authorization, idsOf(d), d.url])).toEqual([
      ['Bearer token-of-bia', [ofBia], '/api/v1/events/batch'],
    ]);
    await page.evaluate(() => window.MoneyFlow.identify('ana'));
    await eventually(() => expect(collector.deliveries).toHaveLength(2), { within: 10_000 });
    expect(collector.deliveries[1]).toMatchObject({ authorization: 'Bearer token-of-ana' });
    expect(idsOf(collector.deliveries[1] as Delivery)).toEqual([ofAna]);
    const [first, second] = [collector.deliveries[1], collector.deliveries[0]].map((d) => d?.events[0]);
    expect(first?.user.device_id).not.toBe(second?.user.device_id);
    expect(first?.session.session_id).not.toBe(second?.session.session_id);
  });

  test('tells of what it cannot send, and throws nothing into the page', async ({ aPage }) => {
    const page = await aPage();
    const made = await page.evaluate(() => {
      const circle: Record<string, unknown> = { method: 'password' };
      circle['self'] = circle;
      return [
        window.MoneyFlow.track('login', circle),
        window.MoneyFlow.track('login', { huge: 'x'.repeat(300_000) }),
      ];
    });
    expect(made).toEqual([undefined, undefined]);
    expect(await noticesOf(page)).toMatchObject([
      { kind: 'dropped', code: 'not_json' },
      { kind: 'dropped', code: 'event_too_large' },
    ]);
  });

  test('leaves by nobody else’s token: a person who signed in since is not counted as the one before', async ({
    collector,
    context,
  }) => {
    const page = await context.newPage();
    await page.goto(collector.url);
    await page.evaluate(() => {
      window.notices = [];
      window.MoneyFlow.init({ auto: false, getToken: () => `token-of-${window.MoneyFlow.state().userId}` });
      window.MoneyFlow.identify('ana');
    });
    await track(page, 1);
    await flush(page);
    await eventually(() => expect(collector.deliveries).toHaveLength(1));
    await page.evaluate(() => window.MoneyFlow.reset());
    await track(page, 1);
    await page.evaluate(() => window.MoneyFlow.identify('bia'));
    await track(page, 1);
    await page.goto('about:blank');
    await sleep(500);
    expect(collector.deliveries.slice(1)).toEqual([]);
  });

  for (const index of ['"length"', '"constructor"', '-1', '1e9', 'null'])
    test(`outlives a verdict of number ${index}`, async ({ collector, aPage }) => {
      atFirst(collector, () => ({
        status: 202,
        headers: { 'content-type': 'application/json' },
        body: JSON.parse(`{"accepted":9,"rejected":[{"index":${index},"code":"too_old"}]}`) as unknown,
      }));
      const page = await aPage();
      await track(page, 10);
      await oneCame(collector);
      await track(page, 10);
      await eventually(async () => expect((await stateOf(page)).queued).toBe(0), { within: 10_000 });
    });

  test('keeps what the collector could not take, however often it says so', async ({
    collector,
    context,
  }) => {
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(collector.url);
    await start(page);
    collector.judge = ({ events }) => ({
      status: 202,
      body: {
        accepted: 0,
        duplicates: 0,
        rejected: events.map((_, index) => ({ index, code: 'event_log_unavailable', message: 'Later.' })),
      },
    });
    const ids = await track(page, 10);
    await eventually(
      async () => {
        await page.clock.runFor(40_000);
        expect(collector.deliveries.length).toBeGreaterThanOrEqual(13);
      },
      { within: 30_000 },
    );
    expect((await stateOf(page)).queued).toBe(10);
    const before = collector.deliveries.length;
    collector.judge = accept;
    await eventually(async () => {
      await page.clock.runFor(40_000);
      expect((await stateOf(page)).queued).toBe(0);
    });
    expect([...new Set(collector.deliveries.slice(before).flatMap(idsOf))].sort()).toEqual(ids.sort());
  });

  for (const [what, reply] of [
    ['a firewall on the way', { status: 403, body: '<html>Request blocked</html>' }],
    ['a rule of tomorrow', { status: 400, body: { code: 'rule_of_tomorrow' } }],
  ] satisfies [string, Reply][])
    test(`lets no event that ${what} refuses keep the others, and does not delete it either`, async ({
      collector,
      aPage,
    }) => {
      let spoilt = '';
      collector.judge = (delivery) => (idsOf(delivery).includes(spoilt) ? reply : accept(delivery));
      const page = await aPage();
      await page.evaluate(() => window.MoneyFlow.pause());
      const ids = await track(page, 10);
      spoilt = String(ids[2]);
      await page.evaluate(() => window.MoneyFlow.resume());
      await eventually(
        async () => {
          await page.evaluate(() => dispatchEvent(new Event('online')));
          expect((await stateOf(page)).queued).toBe(1);
        },
        { within: 20_000, every: 250 },
      );
      spoilt = '';
      await page.evaluate(() => {
        const real = Date.now.bind(Date);
        Date.now = () => real() + 80_000;
      });
      await eventually(
        async () => {
          await flush(page);
          expect((await stateOf(page)).queued).toBe(0);
        },
        { within: 10_000, every: 250 },
      );
    });
});
