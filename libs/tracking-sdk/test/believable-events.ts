import type { Page } from 'playwright-core';

/** As a bank's page has them: ids, amounts, names and texts that do not repeat each other. @returns their ids */
export function trackBelievable(page: Page, count: number): Promise<string[]> {
  return page.evaluate((times) => {
    const one = <T>(of: T[]): T => of[Math.floor(Math.random() * of.length)] as T;
    const some = (of: string[], many: number) => Array.from({ length: many }, () => one(of)).join(' ');
    const words =
      'aluguel mercado feira presente jantar conserto farmácia curso viagem gasolina escola condomínio luz água internet seguro pensão reforma dentista academia padaria uniforme material remédio'.split(
        ' ',
      );
    const merchants =
      'Padaria do Bairro,Mercado Central,Posto da Praça,Farmácia Popular,Livraria da Esquina'.split(',');
    const amount = () => (Math.random() * 5_000).toFixed(2);
    const account = () => `****${Math.floor(1_000 + Math.random() * 9_000)}`;
    const { MoneyFlow: flow } = window;
    const kinds: (() => string | undefined)[] = [
      () =>
        flow.page({
          title: some(words, 3),
          path: `/contas/${crypto.randomUUID()}`,
          load_time_ms: Math.random() * 900,
        }),
      () =>
        flow.track('click', {
          element: 'button',
          element_id: one(words),
          x: Math.floor(Math.random() * 1_280),
          y: Math.floor(Math.random() * 720),
        }),
      () =>
        flow.track('transfer_completed', {
          transfer_id: crypto.randomUUID(),
          amount: amount(),
          transfer_type: one(['pix', 'ted', 'internal']),
          from_account: account(),
          to_account: account(),
          description: some(words, 5),
        }),
      () =>
        flow.track('payment_completed', {
          payment_id: crypto.randomUUID(),
          amount: amount(),
          merchant: one(merchants),
          category_id: crypto.randomUUID(),
          description: some(words, 4),
          installments: Math.floor(Math.random() * 12),
        }),
      () =>
        flow.track('budget_exceeded', {
          budget_id: crypto.randomUUID(),
          category: one(words),
          limit_amount: amount(),
          spent_amount: amount(),
          period: 'monthly',
        }),
      () =>
        flow.track('error', {
          message: `Cannot read properties of undefined (reading '${one(words)}')`,
          name: 'TypeError',
          stack: Array.from(
            { length: 6 },
            () =>
              `    at ${one(words)} (https://loja.example/app.js:${Math.floor(Math.random() * 9_999)}:${Math.floor(Math.random() * 99)})`,
          ).join('\n'),
        }),
    ];
    return Array.from({ length: times }, (_, at) =>
      String((kinds[at % kinds.length] as () => string | undefined)()),
    );
  }, count);
}

/** Events that are mostly random, as signatures and tokens are: nothing compresses them. @returns their ids */
export function trackNoise(page: Page, count: number): Promise<string[]> {
  return page.evaluate((times) => {
    const noise = () =>
      Array.from(crypto.getRandomValues(new Uint8Array(600)), (byte) =>
        String.fromCharCode(48 + (byte & 63)),
      ).join('');
    return Array.from({ length: times }, () =>
      String(window.MoneyFlow.track('login', { signature: noise() })),
    );
  }, count);
}
