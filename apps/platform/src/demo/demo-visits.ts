import { chance } from './demo-releases';

/** One thing that somebody does in the app: its type, what it says, and how many seconds after the one before. */
export type Step = readonly [type: string, properties: Record<string, unknown>, seconds: number];

/** What a purchase is for, how often a week, and between which cents. */
interface Spending {
  category: string;
  name: string;
  merchant: string;
  perWeek: number;
  cents: readonly [from: number, to: number];
}

export const SPENDINGS: readonly Spending[] = [
  {
    category: 'alimentacao',
    name: 'Alimentação',
    merchant: 'Mercado da Praça',
    perWeek: 2,
    cents: [6_000, 9_500],
  },
  { category: 'transporte', name: 'Transporte', merchant: 'Metrô', perWeek: 3, cents: [1_040, 2_080] },
  {
    category: 'restaurantes',
    name: 'Restaurantes',
    merchant: 'Cantina da Esquina',
    perWeek: 2,
    cents: [3_500, 5_200],
  },
];

const reais = (cents: number): string => (cents / 100).toFixed(2);
const between = ([from, to]: readonly [number, number], seed: string): number =>
  from + Math.round((to - from) * chance(seed));
const view = (path: string, title: string, seed: string): Step => [
  'page_view',
  { path, title, load_time_ms: 180 + Math.round(chance(`load ${seed}`) * 700) },
  8,
];
const click = (elementId: string, text: string): Step => [
  'click',
  { element: 'button', element_id: elementId, text },
  12,
];

/** A payment by card or PIX. @param times as much as usual: somebody lives it up */
export function purchase(spending: Spending, seed: string, times = 1): Step[] {
  const { category, name, merchant, cents } = spending;
  const amount = reais(between(cents, `amount ${seed}`) * times);
  const paid = {
    amount,
    currency: 'BRL',
    payment_id: `pag-${seed}`,
    payment_method: chance(`method ${seed}`) < 0.6 ? 'pix' : 'card',
    merchant,
    category_id: category,
    category: name,
  };
  return [
    view('/pagar', 'Pagar', seed),
    ['payment_initiated', paid, 15],
    ['payment_completed', { ...paid, description: merchant }, 9],
  ];
}

export function transfer(seed: string): Step[] {
  const sent = {
    amount: reais(between([5_000, 60_000], `transfer ${seed}`)),
    currency: 'BRL',
    transfer_id: `transf-${seed}`,
    transfer_type: 'pix',
    direction: chance(`direction ${seed}`) < 0.75 ? 'out' : 'in',
    to_account: `****${1_000 + Math.floor(chance(`account ${seed}`) * 9_000)}`,
  };
  return [
    view('/pix', 'Área PIX', seed),
    click('novo-pix', 'Novo PIX'),
    ['transfer_initiated', sent, 20],
    ['form_submit', { form_id: 'transferencia', fields: ['valor', 'chave', 'descricao'] }, 25],
    ['transfer_confirmed', sent, 10],
    ['transfer_completed', { ...sent, description: 'PIX', fee: '0.00' }, 4],
  ];
}

/** What happens now and then, each by its chance in a visit. */
const OCCASIONS: readonly [chance: number, steps: (seed: string) => Step[]][] = [
  [0.3, transfer],
  [
    0.12,
    (seed) => {
      const recharge = {
        amount: '30.00',
        recharge_type: 'mobile',
        provider: 'Operadora Azul',
        recharge_id: `rec-${seed}`,
      };
      return [
        ['recharge_initiated', recharge, 14],
        ['recharge_completed', recharge, 6],
      ];
    },
  ],
  [
    0.1,
    (seed) => [
      [
        'cashback_earned',
        { amount: reais(between([150, 1_200], seed)), percentage: 5, merchant: 'Mercado da Praça' },
        30,
      ],
    ],
  ],
  [
    0.04,
    (seed) => [['goal_created', { goal_id: `meta-${seed}`, name: 'Viagem', target_amount: '3000.00' }, 40]],
  ],
  [
    0.03,
    (seed) => [
      [
        'goal_completed',
        { goal_id: `meta-${seed}`, name: 'Forno novo', target_amount: '4800.00', saved_amount: '4812.35' },
        5,
      ],
    ],
  ],
  [
    0.05,
    () => [['achievement_unlocked', { achievement_id: 'dez-pix', name: 'Dez PIX no mês', points: 50 }, 3]],
  ],
  [
    0.04,
    () => [
      [
        'budget_exceeded',
        { category: 'Restaurantes', limit_amount: '300.00', spent_amount: '342.80', period: 'month' },
        3,
      ],
    ],
  ],
  [
    0.04,
    () => [
      [
        'error',
        { message: 'Falha ao carregar o gráfico', name: 'TypeError', source: '/app.js', line: 120 },
        2,
      ],
    ],
  ],
];

/** One visit of the app, from its first page to its last. */
export function visit(seed: string): Step[] {
  const steps: Step[] = [
    view('/inicio', 'Início', seed),
    [
      'login',
      { method: chance(`method ${seed}`) < 0.7 ? 'passkey' : 'password', mfa: false, success: true },
      10,
    ],
    view('/extrato', 'Extrato', seed),
    click('filtrar', 'Filtrar'),
  ];
  for (const [index, [likelihood, occasion]] of OCCASIONS.entries()) {
    if (chance(`${index} ${seed}`) < likelihood) steps.push(...occasion(seed));
  }
  if (chance(`stays ${seed}`) < 0.5)
    steps.push(['heartbeat', { interval_ms: 60_000, visible_ms: 60_000 }, 60]);
  if (chance(`leaves ${seed}`) < 0.4) steps.push(['logout', { reason: 'user' }, 15]);
  return steps;
}
