import { randomUUID } from 'node:crypto';

const USER_AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0',
];

const PAGES = ['/inicio', '/extrato?de=2026-11-01&ate=2026-11-30', '/transferir', '/pagar', '/metas/viagem'];

/** What a company's pages send in the course of a day: mostly pages and clicks, a tenth of it money. In hundredths. */
const BELIEVABLE: readonly (readonly [share: number, type: string, properties: object])[] = [
  [34, 'page_view', { title: 'Extrato da conta', path: '/extrato', load_time_ms: 412.5 }],
  [30, 'click', { element: 'button', element_id: 'confirmar', text: 'Confirmar', x: 512, y: 388 }],
  [12, 'heartbeat', { interval_ms: 60000, visible_ms: 180000 }],
  [5, 'form_submit', { form_id: 'transferir', fields: ['valor', 'chave', 'descricao'] }],
  [3, 'login', { method: 'password', mfa: true, success: true }],
  [4, 'transfer_initiated', { amount: 150.5, currency: 'BRL', transfer_type: 'pix' }],
  [
    5,
    'transfer_completed',
    {
      amount: 150.5,
      currency: 'BRL',
      to_account: '****1234',
      transfer_type: 'pix',
      description: 'Aluguel de novembro',
      category_id: 'moradia',
    },
  ],
  [
    4,
    'payment_completed',
    {
      amount: 89.9,
      currency: 'BRL',
      payment_method: 'card',
      merchant: 'Mercado da Praça',
      category_id: 'mercado',
    },
  ],
  [1, 'cashback_earned', { amount: 1.35, currency: 'BRL', percentage: 1.5, merchant: 'Mercado da Praça' }],
  [1, 'budget_exceeded', { category: 'Lazer', category_id: 'lazer', limit_amount: 500, spent_amount: 512.4 }],
  [1, 'error', { message: 'Cannot read properties of undefined', name: 'TypeError', line: 12, column: 8 }],
];

/** `believable`, or nothing but what each sink must keep: the worst case of a drain. */
export type Mix = 'believable' | 'critical';

/** The events of one browser's batch in the SDK's form, each with an `event_id` of its own. */
export function eventsOf(mix: Mix, count: number, browser: number): object[] {
  const rows = mix === 'critical' ? BELIEVABLE.filter(([, type]) => type.endsWith('_completed')) : BELIEVABLE;
  const all = rows.flatMap(([share, type, properties]) =>
    Array.from({ length: share }, () => ({ type, properties })),
  );
  const [device, session, user] = [randomUUID(), randomUUID(), randomUUID()];
  return Array.from({ length: count }, (_, seq) => {
    // 37 is prime to 100: even a batch of ten is a fair sample
    const { type, properties } = all[((browser * count + seq) * 37) % all.length] as (typeof all)[number];
    return {
      event_id: randomUUID(),
      event_type: type,
      timestamp: new Date(Date.now() - (count - seq) * 250).toISOString(),
      user: { user_id: user, device_id: device },
      session: { session_id: session, seq: seq + 1 },
      context: {
        url: `https://app.moneyflow.example${PAGES[(browser + seq) % PAGES.length]}`,
        referrer: 'https://www.google.com/',
        user_agent: USER_AGENTS[browser % USER_AGENTS.length],
        screen_width: 1920,
        screen_height: 1080,
        viewport_width: 1200,
        viewport_height: 800,
        timezone: 'America/Sao_Paulo',
        locale: 'pt-BR',
      },
      properties,
      version: '1.0.0',
    };
  });
}
