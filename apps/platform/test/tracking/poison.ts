import { randomUUID } from 'node:crypto';

/** An event as the text of its JSON: what JSON.stringify would not write is in it, too. */
export interface PoisonEvent {
  form: 'sdk' | 'track';
  /** Under which it is stored, where it is accepted. */
  id?: string;
  /** Which place has what. */
  name: string;
  text: string;
}

type Json = Record<string, unknown>;

/** As texts of JSON, quotes and all. */
const TEXTS = [
  ...[
    '\\u0000',
    'a\\u0000b',
    '\\ud800',
    'x\\udc00y',
    '\\\\u0000',
    '\\\\\\\\u0000',
    '\\ufffe\\uffff',
    '\\u2028',
    '\\u0007',
  ],
  ...[
    '',
    ' ',
    '*',
    '{\\"a',
    '{}',
    '\\\\N',
    '\\\\x00',
    "'",
    "'; drop table analytics.events; --",
    'null',
    'NaN',
    '-Infinity',
    'infinity',
    'epoch',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'has_own_property',
    'value_of',
    '\\u202e',
    'ﷺ',
    'İ',
    'ß'.repeat(255),
    '💥'.repeat(128),
    `x${'💥'.repeat(300)}`,
    'a'.repeat(256),
    'a'.repeat(8_000),
  ],
  ...[
    'https://',
    'https://x/%00',
    'https://x/%ED%A0%80',
    'http://[::1',
    'https://xn--/',
    'https://u:p@h/💥',
    'data:text/html,x',
    `https://x/${'/a'.repeat(3_000)}`,
    `https://${'a.'.repeat(2_000)}x/`,
    `https://x/${'💥'.repeat(700)}`,
    'https://x/?q=%u0000&\\ud800',
    `//${'%'.repeat(600)}`,
  ],
  ...[
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2026-11-22T23:59:60Z',
    '+275760-09-13T00:00:00.000Z',
    '-000001-01-01T00:00:00Z',
    '2026-11-22T12:00:00.123456789123Z',
    '2026-11-22T00:00:00-18:00',
  ],
  ...[
    `Mozilla/5.0 (${'('.repeat(900)}`,
    `${'Android '.repeat(250)}`,
    `${'Chrome/1.'.repeat(220)}`,
    '%FF%FE',
    '1e400',
    '0'.repeat(400),
    '٠١٢٣',
    '529.982.247-25\\u0000',
  ],
].map((text) => `"${text}"`);
/** As JSON's numbers may be written. */
const NUMBERS = [
  '1e400',
  '-1e400',
  '1e308',
  '5e-324',
  '-0',
  '9007199254740993',
  '123456789012345678901234567890',
  '0.30000000000000004',
  '1.005',
  `1${'0'.repeat(400)}`,
];
const SHAPES = [
  'null', 'true', '[]', '{}', `${'['.repeat(25)}${']'.repeat(25)}`, `${'{"a":'.repeat(25)}1${'}'.repeat(25)}`,
  `{"a":1,"a":2}`, '{"\\u005f_proto__":{"x":1}}', '{"toString":1,"valueOf":null,"then":{},"toJSON":1}', '{"constructor":{"prototype":{"x":1}}}',
  `{${Array.from({ length: 256 }, (_, n) => `"k${n}":${n}`).join(',')}}`, `[${'1,'.repeat(3_000)}1]`,
]; // prettier-ignore
const EVERY = [...TEXTS, ...NUMBERS, ...SHAPES];
const HERE = '"@here@"';

const now = () => new Date().toISOString();

const sdk = (): Json => ({
  event_id: randomUUID(),
  event_type: 'transfer_completed',
  timestamp: now(),
  user: { user_id: randomUUID(), device_id: randomUUID() },
  session: { session_id: randomUUID(), seq: 1 },
  context: {
    url: 'https://loja.example/a',
    referrer: 'https://busca.example/',
    user_agent: 'Mozilla/5.0',
    screen_width: 1,
    viewport_height: 1,
    timezone: 'America/Sao_Paulo',
    locale: 'pt-BR',
  },
  properties: { amount: '1.00', description: 'x', category: 'x', category_id: 'x', transfer_id: 'x', own: 1 },
  version: '1.0.0',
});
const track = (): Json => ({
  eventId: randomUUID(),
  eventType: 'comprou',
  timestamp: now(),
  userId: randomUUID(),
  sessionId: randomUUID(),
  url: 'https://loja.example/a',
  referrer: 'https://busca.example/',
  screenWidth: 1,
  screenHeight: 1,
  metadata: { own: 'x' },
});

/** Every place of both forms, by the path of its names, with everything that might be put there; and as names of properties. */
export function* poisonEvents(): Generator<PoisonEvent> {
  for (const [form, make] of [
    ['sdk', sdk],
    ['track', track],
  ] as const)
    for (const value of EVERY)
      for (const path of pathsOf(make())) {
        const event = make();
        const text = JSON.stringify(put(event, path, '@here@')).replace(HERE, () => value);
        // null is as good as absent: it gets an id of ours
        const id = path[0] === 'eventId' && value === 'null' ? undefined : idOf(event);
        yield { form, id, name: `${path.join('.')} ${value.slice(0, 40)}`, text };
      }
  for (const name of TEXTS)
    for (const inside of [`{${name}:1}`, `{"a":[{${name}:${name}}]}`]) {
      const event = track();
      const text = JSON.stringify({ ...event, metadata: '@here@' }).replace(HERE, () => inside);
      yield { form: 'track', id: idOf(event), name: `name ${name.slice(0, 40)}`, text };
    }
}

/** What no one could mistake for anything else. */
export function honestEvent(): string {
  return JSON.stringify(sdk());
}

function idOf({ event_id: sdkId, eventId: trackId }: Json): string {
  return String(sdkId ?? trackId);
}

function pathsOf(part: Json, before: string[] = []): string[][] {
  return Object.entries(part).flatMap(([name, value]) => {
    const path = [...before, name];
    return typeof value === 'object' && value !== null ? [path, ...pathsOf(value as Json, path)] : [path];
  });
}

function put(event: Json, path: readonly string[], value: string): Json {
  const [name = '', ...rest] = path;
  return { ...event, [name]: rest.length === 0 ? value : put(event[name] as Json, rest, value) };
}
