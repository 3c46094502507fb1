import fc from 'fast-check';
import { trackedEventsV1Example } from '@libs/contracts';
import { dimensionsOf } from './dimensions';
import { pageOf, referrerOf } from './page-address';

describe('pageOf', () => {
  it.each([
    ['https://app.moneyflow.com/transfer', 'app.moneyflow.com/transfer'],
    ['https://App.MoneyFlow.com/Transfer/?q=1#top', 'app.moneyflow.com/Transfer'],
    ['https://moneyflow.com', 'moneyflow.com/'],
    ['http://localhost:3000/a//', 'localhost:3000/a'],
    ['https://eu:segredo@moneyflow.com/a', 'moneyflow.com/a'],
    ['/conta/extrato?mes=11', '/conta/extrato'],
    ['app://inicio/cartoes', 'inicio/cartoes'],
    ['https://moneyflow.com/pedidos/123/itens/4', 'moneyflow.com/pedidos/:id/itens/:id'],
    ['https://moneyflow.com/u/9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11', 'moneyflow.com/u/:id'],
    ['https://moneyflow.com/u/9f0c7a526f0e4f0a', 'moneyflow.com/u/:id'],
    ['https://moneyflow.com/p/order-20261', 'moneyflow.com/p/:id'],
    ['https://moneyflow.com/p/01K9ZQ4H8M3N5P7R9S1T3V5X7Y', 'moneyflow.com/p/:id'],
    ['https://moneyflow.com/conta/123.456.789-09', 'moneyflow.com/conta/:id'],
    ['https://moneyflow.com/conta/****6789', 'moneyflow.com/conta/:id'],
    ['https://moneyflow.com/de/alguem@example.com', 'moneyflow.com/de/:id'],
    ['https://moneyflow.com/v2/pix', 'moneyflow.com/v2/pix'],
    ['https://moneyflow.com/blog/10-dicas-para-economizar', 'moneyflow.com/blog/10-dicas-para-economizar'],
    ['https://moneyflow.com/blog/imposto-de-renda-2026', 'moneyflow.com/blog/imposto-de-renda-2026'],
    ['https://moneyflow.com/cartão', 'moneyflow.com/cart%C3%A3o'],
  ])('tells %s as %s', (url, page) => expect(pageOf(url)).toBe(page));

  it.each([
    '',
    'transfer',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///home/alguem/a.html',
    'about:blank',
    '//',
    'http://',
    ' ',
    `https://a.b/${'x'.repeat(9_000)}`,
    undefined,
    null,
    7,
    {},
  ])('makes no page of %p', (url) => expect(pageOf(url)).toBeUndefined());

  it('keeps at most 512 characters', () => {
    const page = pageOf(`https://moneyflow.com/${'a/'.repeat(2_000)}`)!;
    expect(page).toHaveLength(512);
  });
});

describe('referrerOf', () => {
  it.each([
    ['https://www.google.com/search?q=alguem', 'https://app.moneyflow.com/', 'google.com'],
    ['https://google.com:8080/', 'https://app.moneyflow.com/', 'google.com'],
    ['android-app://com.google.android.gm/', undefined, 'com.google.android.gm'],
    ['https://app.moneyflow.com/a', 'https://app.moneyflow.com/b', undefined],
    ['https://www.moneyflow.com/a', 'https://moneyflow.com/b', undefined],
    ['https://MoneyFlow.com./a', 'https://moneyflow.com/b', undefined],
    ['https://google.com', '/transfer', 'google.com'],
    ['', 'https://moneyflow.com/', undefined],
    ['/a', '/b', undefined],
    ['nonsense', 'https://moneyflow.com/', undefined],
  ])('of %p on %p is %p', (referrer, url, host) => expect(referrerOf(referrer, url)).toBe(host));
});

describe('dimensionsOf', () => {
  it('takes them from an event as the collector tells it', () => {
    expect(dimensionsOf(trackedEventsV1Example.events[0]!)).toEqual({
      device: 'desktop',
      browser: 'Chrome',
      os: 'Windows',
      country: 'BR',
      referrer: 'google.com',
      url: 'app.moneyflow.com/transfer',
    });
  });

  it('can be stored whatever the event says', () => {
    const anything = fc.oneof(fc.anything(), fc.string({ unit: 'binary' }), fc.webUrl(), fc.string());
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        anything,
        (url, referrer, kind, browser, country) => {
          const values = dimensionsOf({
            context: { url, referrer },
            device: { kind, browser, os: browser },
            country,
          });
          for (const value of Object.values(values)) {
            if (value === undefined) continue;
            expect(value).not.toBe('');
            expect(value.length).toBeLessThanOrEqual(512);
            expect(value.isWellFormed() && !value.includes('\0')).toBe(true);
          }
          expect((values.referrer ?? '').length).toBeLessThanOrEqual(256);
          expect((values.country ?? '').length).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
