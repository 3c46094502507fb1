import { DIGITS, LOWER, Random, UPPER } from './random';

type Maker = (random: Random) => string;

const hex = (random: Random, length: number): string => random.text('0123456789abcdef', length);
const moment = (random: Random): Date =>
  new Date(1_500_000_000_000 + random.below(500_000_000) * 1_000 + random.below(1_000));
const cents = (random: Random): number => random.below(random.pick([100, 10_000, 1_000_000, 2_000_000_000]));
const brazilian = (value: number): string =>
  (value / 100).toLocaleString('pt-BR', { minimumFractionDigits: 2 });

export function uuid(random: Random): string {
  const text = `${hex(random, 8)}-${hex(random, 4)}-${random.pick(['4', '7'])}${hex(random, 3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(random, 3)}-${hex(random, 12)}`;
  return random.below(10) === 0 ? text.toUpperCase() : text;
}

/** What must never be damaged: ids of every kind. */
export const IDS: readonly Maker[] = [
  uuid,
  (random) =>
    `${random.digits(8)}-${random.digits(4)}-4${random.digits(3)}-8${random.digits(3)}-${random.digits(12)}`,
  (random) => hex(random, random.pick([8, 12, 20, 24, 32, 40, 64])),
  (random) => random.text('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 26),
  (random) => `auth0|${hex(random, 24)}`,
  (random) => `${random.pick(['ord', 'tx', 'goal', 'evt'])}_${random.text(LOWER + UPPER + DIGITS, 16)}`,
  (random) =>
    `${random.pick(['PED', 'NF', 'ORD', 'REQ-2025'])}-${random.digits(random.pick([6, 8, 11, 14]))}`,
  (random) =>
    `${random.pick(['pedido', 'Pedido nº', 'order', 'order #', 'NSU:', 'protocolo', 'nota fiscal', 'número do pedido:'])} ${random.digits(random.pick([6, 9, 10, 11, 12, 14]))}`,
  (random) => `/${random.pick(['orders', 'pedidos', 'invoices', 'produtos'])}/${random.digits(11)}/edit`,
  (random) =>
    `E${random.digits(8)}${moment(random).toISOString().replace(/\D/g, '').slice(0, 12)}${random.text(LOWER + DIGITS, 11)}`,
  (random) => random.text(LOWER + UPPER + DIGITS, random.pick([26, 32, 35])),
  (random) => `GA1.2.${random.digits(10)}.${String(Math.floor(moment(random).getTime() / 1000))}`,
  (random) => `fb.1.${String(moment(random).getTime())}.${random.digits(10)}`,
  (random) => `00-${hex(random, 32)}-${hex(random, 16)}-01`,
  (random) => random.digits(random.pick([20, 44, 47, 48])),
  (random) => Array.from({ length: 11 }, () => random.digits(4)).join(' '),
  (random) =>
    `${random.digits(5)}.${random.digits(5)} ${random.digits(5)}.${random.digits(6)} ${random.digits(5)}.${random.digits(6)} ${random.digits(1)} ${random.digits(14)}`,
  (random) => Array.from({ length: 4 }, () => `${random.digits(11)}-${random.digits(1)}`).join(' '),
  (random) => `****${random.digits(4)}`,
  (random) => `${random.digits(4)}-${random.digits(1)} / ${random.digits(5)}-${random.digits(1)}`,
  (random) =>
    `${random.pick(['/pix/transfers/', 'pix ', 'chave de idempotência: ', '/keys/', 'key ', 'chave '])}${uuid(random)}`,
  (random) => `sha256-${random.text(LOWER + UPPER + DIGITS, 43)}=`,
];

/** Amounts, moments, versions, addresses of machines, prose. */
export const OTHERS: readonly Maker[] = [
  (random) => (cents(random) / 100).toFixed(2),
  (random) => `-${(cents(random) / 100).toFixed(2)}`,
  (random) => `R$ ${brazilian(cents(random))}`,
  (random) => `R$ ${random.digits(11)},${random.digits(2)}`,
  (random) => `${random.digits(11)}.${random.digits(2)}`,
  (random) => `0.${random.digits(random.pick([3, 11, 14, 16]))}`,
  (random) => `${brazilian(cents(random))} + ${brazilian(cents(random))}`,
  (random) => moment(random).toISOString(),
  (random) => moment(random).toISOString().replace('Z', '-03:00'),
  (random) => moment(random).toISOString().slice(0, 10),
  (random) => moment(random).toISOString().slice(0, 19).replace('T', ' '),
  (random) => String(moment(random).getTime()),
  (random) => String(Math.floor(moment(random).getTime() / 1000)),
  (random) => `${String(moment(random).getTime())}000`,
  (random) => moment(random).toISOString().replace(/\D/g, '').slice(0, 14),
  (random) => moment(random).toLocaleString('pt-BR', { timeZone: 'UTC' }),
  (random) => moment(random).toUTCString(),
  (random) => `${random.below(20)}.${random.below(30)}.${random.below(9999)}-beta.${random.below(20)}`,
  (random) => `v${random.below(200)}.0.${random.below(9999)}.${random.below(300)}`,
  (random) =>
    `Mozilla/5.0 (Linux; Android ${random.below(16)}; SM-G${random.digits(3)}B Build/TP1A.${random.digits(6)}.0${random.digits(2)}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${90 + random.below(60)}.0.${random.digits(4)}.${random.digits(3)} Mobile Safari/537.36`,
  (random) =>
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_${random.below(9)} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0.${random.digits(2)}.107;FBBV/${random.digits(9)};FBDV/iPhone12,1]`,
  (random) => `${random.below(256)}.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
  (random) =>
    `${random.below(256)}.${random.below(256)}.${random.below(256)}.${random.below(256)}:${random.below(65536)}`,
  (random) => `2804:${hex(random, 4)}:${hex(random, 4)}::${hex(random, 4)}:${hex(random, 4)}`,
  (random) => Array.from({ length: 6 }, () => hex(random, 2)).join(':'),
  (random) => `CEP ${random.digits(5)}-${random.digits(3)}`,
  (random) => `-23.${random.digits(6)},-46.${random.digits(6)}`,
  (random) =>
    `TypeError: x is undefined\n    at f (https://app.exemplo.com/assets/main-${hex(random, 8)}.js:${random.below(99999)}:${random.below(99999)})\n    at node_modules/.pnpm/react@18.${random.below(9)}.0/index.js:1:2`,
  (random) => `Unexpected token '<', "<!DOCTYPE"... is not valid JSON (${random.below(999)})`,
  (random) =>
    random.pick([
      'Padaria e confeitaria',
      'O token expirou; a senha foi trocada',
      'Meta: viajar para a praia em 2026',
      'São João – 20% de desconto',
      'ícone 😀 “entre aspas”',
      'Recarga 50+10 reais',
      '3 x 12 = 36',
      'logo@2x.png',
    ]),
  (random) =>
    `https://app.exemplo.com/transfer?utm_source=google&utm_campaign=bf-${random.digits(4)}&gclid=${random.text(LOWER + UPPER + DIGITS, 40)}&t=${String(moment(random).getTime())}`,
  (random) => `${random.below(100)}% de ${random.below(5000)}`,
  (random) => `${random.below(2000)}x${random.below(2000)}`,
];
