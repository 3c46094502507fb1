import { isCnpj, isCpf } from '../../src/tax-id';
import { uuid } from './harmless-samples';
import { DIGITS, LOWER, Random, UPPER } from './random';

/** Something personal as somebody would write it, and what must stand in its stead. */
export interface Sample {
  what: string;
  value: string;
  masked: string;
}

type Maker = (random: Random) => Sample;

const AREAS =
  '11 12 13 14 19 21 22 24 27 28 31 32 37 38 41 45 47 48 51 53 54 55 61 62 65 67 68 71 75 79 81 85 86 91 92 98 99'.split(
    ' ',
  );
const NAMES = 'dona da padaria,joão,jose,caixa,financeiro,vendas,ana,contato,compras,zé'.split(',');
const DOMAINS = [
  'exemplo.com',
  'padaria.com.br',
  'mail.estrela.example',
  'x.co',
  'são-joão.com.br',
  'empresa.gov.br',
];

function withCheck(stem: string, valid: (text: string) => boolean): string {
  for (let check = 0; check < 100; check++) {
    const text = stem + String(check).padStart(2, '0');
    if (valid(text)) return text;
  }
  throw new Error(`no check digits make ${stem} one`);
}

function formed(form: string, characters: string): string {
  let at = 0;
  return form.replace(/#/g, () => characters[at++] as string);
}

const cpfWritten: Maker = (random) => {
  const value = formed('###.###.###-##', random.digits(11));
  return { what: 'cpf written', value, masked: `***.***.***-${value.slice(-2)}` };
};
const cpfLoose: Maker = (random) => {
  const digits = withCheck(random.digits(9), isCpf);
  const value = formed(
    random.pick([
      '###########',
      '### ### ### ##',
      '#########-##',
      '### ### ###-##',
      '###-###-###-##',
      '###.###.### ##',
      '###.###.###/##',
      '### . ### . ### - ##',
    ]),
    digits,
  );
  return { what: 'cpf loose', value, masked: `***.***.***-${digits.slice(-2)}` };
};
const cnpj: Maker = (random) => {
  const stem = random.pick([
    () => random.digits(12),
    () => `${random.digits(8)}0001`,
    () => random.text(DIGITS + UPPER, 12),
    () => random.text(DIGITS + UPPER, 8) + '0001',
  ])();
  const characters = withCheck(stem, isCnpj);
  const value = formed(
    random.pick(['##############', '##.###.###/####-##', '########/####-##', '##.###.###.####-##']),
    characters,
  );
  return { what: 'cnpj', value, masked: `**.***.***/****-${characters.slice(-2)}` };
};
const email: Maker = (random) => {
  const name =
    random.pick(NAMES).replaceAll(' ', '.') + random.pick(['', '.silva', '_2', '+loja', '-x', '1990']);
  const domain = random.pick(DOMAINS);
  return { what: 'email', value: `${name}@${domain}`, masked: `${name[0] ?? ''}***@${domain}` };
};
const mobile: Maker = (random) => {
  const form = random.pick([
    '(AA) 9####-####',
    '(AA)9####-####',
    '(AA) 9########',
    '(0AA) 9####-####',
    '+55 AA 9####-####',
    '+55AA9########',
    '+55 (AA) 9 ####-####',
    '55AA9########',
    'AA 9####-####',
    'AA9########',
    'AA-9####-####',
    'AA.9####.####',
    'AA 9 ####-####',
    '0AA9########',
    '9####-####',
    '(AA) 9####.####',
    '+55 AA 9#### ####',
    'AA 9#### ####',
  ]);
  const value = formed(form.replace('AA', random.pick(AREAS)), random.digits(8));
  // One bare number in a hundred has a CPF's check digits by chance, and nobody can tell.
  if (isCpf(value)) return mobile(random);
  return { what: `phone ${form}`, value, masked: '(**) ****-****' };
};
const landline: Maker = (random) => {
  // Without a mark between, 15 to 19 begin a moment in seconds.
  const form = random.pick([
    '(AA) L###-####',
    '(AA)L#######',
    '+55 AA L###-####',
    '+55AAL#######',
    'AA L###-####',
    'AA L### ####',
    'BBL#######',
    '55BBL#######',
  ]);
  const marked = form
    .replace('AA', random.pick(AREAS))
    .replace('BB', random.pick(AREAS.filter((area) => area < '15' || area > '19')));
  return {
    what: `phone ${form}`,
    value: formed(marked.replace('L', random.pick(['3', '4', '5'])), random.digits(7)),
    masked: '(**) ****-****',
  };
};
const foreign: Maker = (random) => {
  const form = random.pick([
    '+1 ### ### ####',
    '+351 9## ### ###',
    '+1-###-###-####',
    '+44 20 #### ####',
    '+549##########',
  ]);
  return { what: 'phone foreign', value: formed(form, random.digits(12)), masked: '(**) ****-****' };
};
const card: Maker = (random) => {
  const [begin, length] = random.pick([
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['2720', 16],
    ['6062', 16],
    ['6363', 16],
    ['5067', 16],
    ['34', 15],
    ['37', 15],
    ['36', 14],
    ['3530', 16],
  ] as const);
  const stem = begin + random.digits(length - begin.length - 1);
  let sum = 0;
  for (let i = 0; i < stem.length; i++) {
    const digit = Number(stem[stem.length - 1 - i]);
    sum += i % 2 === 0 ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit;
  }
  const digits = stem + String((10 - (sum % 10)) % 10);
  const forms =
    length === 16
      ? ['################', '#### #### #### ####', '####-####-####-####', '####.####.####.####']
      : length === 15
        ? ['###############', '#### ###### #####', '####-######-#####']
        : ['##############', '#### ###### ####'];
  // Of the bare ones of Diners, one in a hundred is a CNPJ as well.
  return isCnpj(digits)
    ? card(random)
    : { what: 'card', value: formed(random.pick(forms), digits), masked: `****${digits.slice(-4)}` };
};
const jwt: Maker = (random) => {
  const part = (length: number): string => random.text(`${LOWER}${UPPER}${DIGITS}-_`, length);
  return { what: 'jwt', value: `eyJ${part(20)}.eyJ${part(40)}.${part(43)}`, masked: '[removed]' };
};
const key: Maker = (random) => {
  const value = `mf_live_${random.text(LOWER + UPPER + DIGITS, 38)}`;
  return { what: 'api key', value, masked: '[removed]' };
};
const refresh: Maker = (random) => {
  return {
    what: 'refresh token',
    value: `mf_refresh_${random.text(`${LOWER}${UPPER}${DIGITS}-_`, 64)}`,
    masked: '[removed]',
  };
};
/** With what tells that it is one, as nothing else does. */
const pixKey: Maker = (random) => {
  const told = random.pick([
    '/pix/keys/',
    'chave pix é ',
    'Chave PIX: ',
    'chave aleatória ',
    'minha chave: ',
  ]);
  return {
    what: 'pix key',
    value: told + uuid(random),
    masked: `${told}********-****-****-****-************`,
  };
};

export const PERSONAL: readonly Maker[] = [
  cpfWritten,
  cpfLoose,
  cnpj,
  email,
  mobile,
  landline,
  foreign,
  card,
  jwt,
  key,
  refresh,
  pixKey,
];
