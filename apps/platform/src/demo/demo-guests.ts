import { chance } from './demo-releases';
import { DEVICES, DemoPerson, uuidOf } from './demo-people';
import { Step } from './demo-visits';

/** Where guests come from; the first is a typed address. */
const REFERRERS: readonly [share: number, referrer: string | undefined][] = [
  [0.35, undefined],
  [0.33, 'https://www.google.com/'],
  [0.2, 'https://www.instagram.com/'],
  [0.12, 'https://bairro-em-dia.example/onde-comer'],
];
const LANDINGS: readonly [share: number, path: string, title: string][] = [
  [0.5, '/', 'Padaria Estrela'],
  [0.3, '/cardapio', 'Cardápio'],
  [0.2, '/promocoes/pao-de-queijo', 'Pão de queijo em dobro'],
];

/** Who came to the page on this day for the first time, without an account: more on a weekend. */
export function guestsOf(day: string, weekend: boolean): DemoPerson[] {
  const count = 3 + Math.floor(chance(`guests ${day}`) * (weekend ? 8 : 4));
  return Array.from({ length: count }, (_, index) => {
    const seed = `guest ${day} ${index}`;
    const [userAgent, width, height] = oneOf(DEVICES, chance(`device ${seed}`));
    return {
      deviceId: uuidOf(seed),
      userAgent,
      screen: [width, height],
      keenness: 0,
      referrer: byShare(REFERRERS, chance(`from ${seed}`))[1],
    };
  });
}

/** Whether a guest comes again so many days after the first time; 0 is the first. Most are forgotten soon. */
export function comesAgain(guest: DemoPerson, days: number): boolean {
  return days === 0 || chance(`again ${guest.deviceId} ${days}`) < 0.16 / (1 + days / 4);
}

/** Most look at a page and leave; some fill a basket, few of them begin to pay. */
export function look(seed: string): Step[] {
  const [, path, title] = byShare(LANDINGS, chance(`landing ${seed}`));
  const view = (path: string, title: string): Step => [
    'page_view',
    { path, title, load_time_ms: 200 + Math.round(chance(`load ${path} ${seed}`) * 900) },
    10 + Math.round(chance(`reads ${path} ${seed}`) * 50),
  ];
  const steps = [view(path, title)];
  const interest = chance(`interest ${seed}`);
  if (interest > 0.45) steps.push(view('/produtos/pao-de-queijo', 'Pão de queijo'));
  if (interest > 0.65) {
    steps.push(['click', { element: 'button', element_id: 'por-na-cesta', text: 'Pôr na cesta' }, 12]);
    steps.push(view('/cesta', 'Cesta'));
  }
  if (interest > 0.85)
    steps.push([
      'payment_initiated',
      { amount: '24.90', currency: 'BRL', merchant: 'Padaria Estrela', payment_method: 'pix' },
      20,
    ]);
  return steps;
}

function byShare<T extends readonly [share: number, ...rest: unknown[]]>(
  options: readonly T[],
  roll: number,
): T {
  let left = roll;
  return options.find(([share]) => (left -= share) < 0) ?? (options[0] as T);
}

function oneOf<T>(options: readonly T[], roll: number): T {
  return options[Math.floor(roll * options.length)] as T;
}
