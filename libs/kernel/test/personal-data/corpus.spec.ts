import { maskJson, maskText } from '../../src/persons/personal-data';
import { IDS, OTHERS, uuid } from './harmless-samples';
import { PERSONAL } from './personal-samples';
import { CODES, PLACES } from './places';
import { Random } from './random';

const PERSONAL_TEXTS = 50_000;
const HARMLESS_TEXTS = 50_000;
const AIM = 0.999;

it('of 50,000 texts with something personal, 99.9 % come out masked to the letter, and nothing of them is left', () => {
  const random = new Random(4);
  const missed: object[] = [];
  for (let i = 0; i < PERSONAL_TEXTS; i++) {
    const { what, value, masked } = random.pick(PERSONAL)(random);
    const place = random.pick(PLACES);
    const code = random.pick(CODES);
    const text = code.encode(place(value));
    const out = maskText(text);
    if (code.decode(out) !== place(masked)) missed.push({ what, code: code.name, text, out });
    else if (maskText(out) !== out) missed.push({ what: 'changed again', out, again: maskText(out) });
  }
  expect(missed.slice(0, PERSONAL_TEXTS * (1 - AIM) < missed.length ? 20 : 0)).toEqual([]);
});

it('of 50,000 harmless texts, 99.9 % come out as they went in, and every one that holds an id', () => {
  const random = new Random(5);
  const damagedIds: object[] = [];
  const damaged: object[] = [];
  for (let i = 0; i < HARMLESS_TEXTS; i++) {
    const isId = random.below(2) === 0;
    const value = random.pick(isId ? IDS : OTHERS)(random);
    const text = random.pick(CODES).encode(random.pick(PLACES)(value));
    const out = maskText(text);
    if (out !== text) (isId ? damagedIds : damaged).push({ text, out });
  }
  expect(damagedIds.slice(0, 20)).toEqual([]);
  expect(damaged.slice(0, damaged.length > HARMLESS_TEXTS * (1 - AIM) ? 20 : 0)).toEqual([]);
});

it('numbers that foreign digits, blanks and dashes write are the same numbers', () => {
  const random = new Random(6);
  const costumes: ((text: string) => string)[] = [
    (text) => text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    (text) => text.replace(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit))),
    (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7d8 + Number(digit))),
    (text) => text.replaceAll(' ', '\u00a0').replaceAll('-', '\u2011'),
    (text) => text.replaceAll(' ', '\u202f').replaceAll('-', '–'),
    (text) => [...text].join('\u200b'),
    (text) => [...text].join('\u00ad'),
  ];
  const numbers = PERSONAL.filter((_, at) => ![3, 8, 9, 10, 11].includes(at));
  for (let i = 0; i < 10_000; i++) {
    const { value, masked } = random.pick(numbers)(random);
    const place = random.pick(PLACES.slice(0, 4));
    expect(maskText(place(random.pick(costumes)(value)))).toBe(place(masked));
  }
});

it('objects lose what is personal in them and keep their ids, amounts and moments', () => {
  const random = new Random(7);
  for (let i = 0; i < 2_000; i++) {
    const { value, masked } = random.pick(PERSONAL)(random);
    const kept = {
      event_id: uuid(random),
      order_id: random.digits(11),
      transaction_id: random.digits(14),
      goal_id: random.digits(16),
      amount: `${String(random.below(1e6))}.${random.digits(2)}`,
      total: Number(random.digits(11)),
      at: Date.now() - random.below(1e9),
      ratio: random.below(1e9) / 1e9,
    };
    const told = {
      ...kept,
      a: [{ b: { note: `x ${value} y` } }],
      password: value,
      body: JSON.stringify({ token: value }),
    };
    expect(maskJson(told)).toEqual({
      ...kept,
      a: [{ b: { note: `x ${masked} y` } }],
      body: '{"token":"[removed]"}',
    });
  }
});
