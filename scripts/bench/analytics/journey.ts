import { Chance } from './chance';

/** Something that a visitor does, so long after what they did before. */
export interface Step {
  type: string;
  afterMs: number;
  url: string;
  properties: Record<string, unknown>;
}

const HOST = 'https://app.moneyflow.example';
const SITE = 'https://www.moneyflow.example';
const APP_PAGES = [
  ...[
    '/inicio',
    '/extrato?de=2026-11-01',
    '/transferir',
    '/pagar',
    '/cartoes',
    '/pix',
    '/pix/chaves',
    '/metas',
  ],
  ...[
    '/recarga',
    '/investir',
    '/perfil',
    '/notificacoes',
    '/seguros',
    '/emprestimos',
    '/limites',
    '/cashback',
  ],
];
const TOPICS =
  'como-economizar-em guia-de primeiros-passos-em dicas-de tudo-sobre o-que-sao erros-em custos-de planilha-de duvidas-sobre novidades-em'.split(
    ' ',
  );
const SUBJECTS =
  'pix cartoes emprestimos investimentos metas viagens impostos seguros aposentadoria boletos limites cashback contas ferias mercado aluguel estudos carro saude'.split(
    ' ',
  );
const ARTICLES = TOPICS.flatMap((topic) => SUBJECTS.map((subject) => `/blog/${topic}-${subject}`));
const MERCHANTS = [
  'Mercado da Praça',
  'Padaria do Bairro',
  'Posto da Esquina',
  'Farmácia Popular',
  'Livraria',
];
const CATEGORIES = ['moradia', 'mercado', 'transporte', 'lazer', 'saude', 'educacao'];
/** Between two things that somebody does on a page; now and then a longer look, and seldom such that a visit ends over it. */
const PAUSES: readonly (readonly [weight: number, averageMs: number])[] = [
  [93, 18_000],
  [6, 240_000],
  [1, 2_700_000],
];

/** A visit from its first page to its last event: a look round, or a customer who is there to do something. */
export function journey(chance: Chance, signedUp: boolean): Step[] {
  const visit = new Visit(chance);
  if (!signedUp || chance.happens(0.12)) return visit.lookRound();
  return visit.banking();
}

class Visit {
  private readonly steps: Step[] = [];
  private url = `${SITE}/`;

  constructor(private readonly chance: Chance) {}

  lookRound(): Step[] {
    const { chance } = this;
    this.page(chance.happens(0.5) ? `${SITE}/` : `${SITE}${chance.favourite(ARTICLES)}`);
    while (chance.happens(0.68)) {
      if (chance.happens(0.5)) this.click();
      else this.page(`${SITE}${chance.favourite(ARTICLES)}`);
    }
    return this.steps;
  }

  banking(): Step[] {
    const { chance } = this;
    this.page(`${HOST}/entrar`);
    this.form('entrar');
    const enters = chance.happens(0.96);
    this.add('login', { method: 'password', mfa: true, success: enters });
    if (!enters) return this.steps;
    this.page(`${HOST}/inicio`);
    do this.task();
    while (chance.happens(0.62));
    if (chance.happens(0.4)) this.add('logout', {});
    return this.steps;
  }

  private task(): void {
    const { chance } = this;
    const task = chance.next();
    if (task < 0.16) this.transfer();
    else if (task < 0.26) this.pay();
    else if (task < 0.29) this.recharge();
    else if (task < 0.31) this.goal();
    else if (task < 0.52) this.stay();
    else this.browse();
  }

  private browse(): void {
    const number = this.chance.happens(0.15)
      ? `/comprovantes/${10_000 + this.chance.below(900_000)}`
      : undefined;
    this.page(`${HOST}${number ?? this.chance.favourite(APP_PAGES)}`);
    while (this.chance.happens(0.55)) this.click();
    if (this.chance.happens(0.02))
      this.add('error', { message: 'Cannot read properties of undefined', name: 'TypeError', line: 12 });
  }

  private stay(): void {
    this.page(`${HOST}/extrato`);
    for (let minute = 1; this.chance.happens(0.6); minute += 1)
      this.add('heartbeat', { interval_ms: 60_000, visible_ms: minute * 60_000 }, 60_000);
  }

  private transfer(): void {
    const properties = { amount: this.amount(400), currency: 'BRL', transfer_type: 'pix' };
    this.page(`${HOST}/transferir`);
    this.add('transfer_initiated', properties);
    if (!this.chance.happens(0.86)) return;
    this.add('transfer_confirmed', properties);
    if (!this.chance.happens(0.96)) return;
    this.add('transfer_completed', {
      ...properties,
      to_account: '****1234',
      category_id: this.chance.oneOf(CATEGORIES),
    });
    if (this.chance.happens(0.3)) this.add('cashback_earned', { amount: this.amount(3), currency: 'BRL' });
  }

  private pay(): void {
    const properties = {
      amount: this.amount(120),
      currency: 'BRL',
      payment_method: this.chance.happens(0.7) ? 'card' : 'boleto',
      merchant: this.chance.favourite(MERCHANTS),
    };
    this.page(`${HOST}/pagar`);
    this.form('pagar');
    this.add('payment_initiated', properties);
    if (this.chance.happens(0.9))
      this.add('payment_completed', { ...properties, category_id: this.chance.oneOf(CATEGORIES) });
    if (this.chance.happens(0.06))
      this.add('budget_exceeded', { category_id: 'lazer', limit_amount: '500.00', spent_amount: '512.40' });
  }

  private recharge(): void {
    const properties = { amount: '20.00', currency: 'BRL', carrier: 'Operadora do Sul' };
    this.page(`${HOST}/recarga`);
    this.add('recharge_initiated', properties);
    if (this.chance.happens(0.9)) this.add('recharge_completed', properties);
  }

  private goal(): void {
    this.page(`${HOST}/metas`);
    if (this.chance.happens(0.5)) this.add('goal_created', { goal: 'viagem', target_amount: '3000.00' });
    else this.add('goal_completed', { goal: 'viagem' });
    if (this.chance.happens(0.2)) this.add('achievement_unlocked', { achievement: 'primeira-meta' });
  }

  private page(url: string): void {
    this.url = url;
    this.add('page_view', { title: 'MoneyFlow', load_time_ms: 200 + this.chance.below(900) });
  }

  private click(): void {
    this.add('click', { element: 'button', text: 'Continuar', x: this.chance.below(900), y: 388 });
  }

  private form(id: string): void {
    this.add('form_submit', { form_id: id, fields: ['valor', 'chave'] });
  }

  private amount(average: number): string {
    return (0.01 + this.chance.waiting(average)).toFixed(2);
  }

  private add(type: string, properties: Record<string, unknown>, afterMs?: number): void {
    const pause = this.chance.waiting(this.chance.weighted(PAUSES));
    const first = this.steps.length === 0;
    this.steps.push({ type, afterMs: first ? 0 : (afterMs ?? 250 + pause), url: this.url, properties });
  }
}
