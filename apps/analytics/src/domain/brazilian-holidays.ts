const DAY = 86_400_000;

/** Month and day, and from which year on. Law 662/1949 and what amended it. */
const FIXED: Readonly<Record<string, number>> = {
  '01-01': 1950,
  /** Tiradentes: law 1,266/1950, and 10,607/2002. */
  '04-21': 1951,
  '05-01': 1950,
  '09-07': 1950,
  /** Our Lady of Aparecida: law 6,802/1980. */
  '10-12': 1980,
  /** All Souls: law 10,607/2002. */
  '11-02': 2003,
  '11-15': 1950,
  /** Zumbi and Black Consciousness: law 14,759/2023. */
  '11-20': 2024,
  '12-25': 1950,
};

/**
 * Days from Easter. Good Friday is kept by law 9,093/1995 (by the towns'), the others by custom: each year the government closes its
 * offices then, and banks stay closed.
 */
const BY_EASTER: ReadonlySet<number> = new Set([
  -48, // Carnival's Monday
  -47, // and Tuesday
  -2, // Good Friday
  60, // Corpus Christi
]);

/** IANA's names of Brazil's zones, those of before among them. */
const ZONES: ReadonlySet<string> = new Set([
  ...[
    'Araguaina',
    'Bahia',
    'Belem',
    'Boa_Vista',
    'Campo_Grande',
    'Cuiaba',
    'Eirunepe',
    'Fortaleza',
    'Maceio',
    'Manaus',
    'Noronha',
    'Porto_Acre',
    'Porto_Velho',
    'Recife',
    'Rio_Branco',
    'Santarem',
    'Sao_Paulo',
  ].map((city) => `America/${city}`),
  'Brazil/Acre',
  'Brazil/DeNoronha',
  'Brazil/East',
  'Brazil/West',
]);

/** Whether a day is kept like a Sunday all over the country. Not told: states' and towns' own days, and bridges to week-ends. */
export function isBrazilianHoliday(day: string): boolean {
  const year = Number(day.slice(0, 4));
  const since = FIXED[day.slice(5)];
  if (since !== undefined && year >= since) return true;
  return BY_EASTER.has((Date.parse(day) - easter(year)) / DAY);
}

/** The holidays of whoever lives by the clocks of `timeZone`; undefined where that is not in Brazil. */
export function holidaysOf(timeZone: string): ((day: string) => boolean) | undefined {
  return ZONES.has(timeZone) ? isBrazilianHoliday : undefined;
}

/** Easter Sunday of the Gregorian calendar, at midnight UTC (Meeus, Jones and Butcher, 1876). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const days = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(days / 31) - 1, (days % 31) + 1);
}
