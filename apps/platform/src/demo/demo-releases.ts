import { BusinessDate, DEFAULT_TIME_ZONE, Money } from '@libs/kernel';

export interface DemoRelease {
  description: string;
  amount: string;
  occurredAt: string;
  metadata?: Record<string, string>;
}

/** Something that comes back: on these days, at this hour (São Paulo), within these bounds in cents. */
interface Habit {
  description: string;
  hour: number;
  cents: readonly [from: number, to: number];
  on: (day: Day) => boolean;
  category: string;
}

interface Day {
  dayOfMonth: number;
  /** 0 is Sunday. */
  weekday: number;
}

const daily = (): boolean => true;
const workdays = ({ weekday }: Day): boolean => weekday >= 1 && weekday <= 5;
const weekend = ({ weekday }: Day): boolean => weekday === 0 || weekday === 6;
const onDay = (dayOfMonth: number) => (day: Day) => day.dayOfMonth === dayOfMonth;
const onWeekday = (weekday: number) => (day: Day) => day.weekday === weekday;

// A neighbourhood bakery's month: small sales all day, flour twice a week, wages on the 5th, rent on the 10th.
const HABITS: readonly Habit[] = [
  {
    description: 'Vendas do balcão – manhã',
    hour: 10,
    cents: [85_000, 142_000],
    on: daily,
    category: 'vendas',
  },
  {
    description: 'Vendas do balcão – tarde',
    hour: 16,
    cents: [62_000, 118_000],
    on: daily,
    category: 'vendas',
  },
  {
    description: 'PIX recebido – encomendas',
    hour: 12,
    cents: [9_000, 41_000],
    on: daily,
    category: 'vendas',
  },
  {
    description: 'Café da manhã para escritórios',
    hour: 8,
    cents: [24_000, 39_000],
    on: workdays,
    category: 'vendas',
  },
  {
    description: 'Bolos e tortas de fim de semana',
    hour: 18,
    cents: [48_000, 97_000],
    on: weekend,
    category: 'vendas',
  },
  {
    description: 'Farinha de trigo – moinho',
    hour: 7,
    cents: [-92_000, -68_000],
    on: onWeekday(1),
    category: 'insumos',
  },
  {
    description: 'Leite, ovos e manteiga',
    hour: 7,
    cents: [-47_000, -31_000],
    on: onWeekday(4),
    category: 'insumos',
  },
  { description: 'Embalagens', hour: 14, cents: [-26_000, -14_000], on: onWeekday(3), category: 'insumos' },
  { description: 'Taxa da maquininha', hour: 23, cents: [-5_200, -2_100], on: daily, category: 'tarifas' },
  { description: 'Salários', hour: 9, cents: [-1_468_000, -1_468_000], on: onDay(5), category: 'pessoal' },
  { description: 'Vale-transporte', hour: 9, cents: [-172_000, -172_000], on: onDay(1), category: 'pessoal' },
  {
    description: 'Aluguel do ponto',
    hour: 11,
    cents: [-540_000, -540_000],
    on: onDay(10),
    category: 'ocupação',
  },
  {
    description: 'Energia elétrica',
    hour: 11,
    cents: [-238_000, -181_000],
    on: onDay(15),
    category: 'ocupação',
  },
  { description: 'Água e esgoto', hour: 11, cents: [-61_000, -38_000], on: onDay(18), category: 'ocupação' },
  {
    description: 'DAS – Simples Nacional',
    hour: 13,
    cents: [-318_000, -264_000],
    on: onDay(20),
    category: 'impostos',
  },
  {
    description: 'Internet e telefone',
    hour: 11,
    cents: [-24_990, -24_990],
    on: onDay(22),
    category: 'ocupação',
  },
  { description: 'Tarifa bancária', hour: 6, cents: [-4_900, -4_900], on: onDay(28), category: 'tarifas' },
];

/**
 * A month of the demo company, `2026-11`, in order of time: always the same for the same month, so that a later part
 * of it only appends. That is what makes seeding repeatable: an item keeps its place, and its place is its identity.
 */
export function demoMonth(month: string): DemoRelease[] {
  const releases: DemoRelease[] = [];
  const first = BusinessDate.parse(`${month}-01`);
  for (let date = first; date.toString().startsWith(month); date = date.plusDays(1)) {
    const iso = date.toString();
    const day = { dayOfMonth: Number(iso.slice(8)), weekday: new Date(`${iso}T12:00:00.000Z`).getUTCDay() };
    for (const [index, habit] of HABITS.entries()) {
      if (!habit.on(day)) continue;
      const [from, to] = habit.cents;
      const cents = from + Math.round((to - from) * chance(`${iso}/${index}`));
      const minute = Math.floor(chance(`${index}/${iso}`) * 60);
      releases.push({
        description: habit.description,
        amount: Money.fromCents(BigInt(cents)).toString(),
        occurredAt: instantOf(iso, habit.hour, minute),
        metadata: { categoria: habit.category },
      });
    }
  }
  return releases.sort((one, other) => (one.occurredAt < other.occurredAt ? -1 : 1));
}

/** The months up to the one `now` falls in, oldest first. */
export function demoMonths(now: Date, count: number): string[] {
  const [year = 0, month = 0] = BusinessDate.of(now, DEFAULT_TIME_ZONE).toString().split('-').map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - count + index, 15)).toISOString().slice(0, 7),
  );
}

/** São Paulo has been three hours behind UTC, all year, since 2019. */
function instantOf(day: string, hour: number, minute: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return new Date(`${day}T${pad(hour)}:${pad(minute)}:00.000-03:00`).toISOString();
}

/** A number in [0, 1) that the text decides (FNV-1a, then scrambled: neighbours must not look alike). */
export function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 4_294_967_296;
}
