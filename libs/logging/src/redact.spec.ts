import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { redact } from './redact';
import { isCnpj, isCpf } from '@libs/kernel';

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const checked = (characters: string, length: number, valid: (id: string) => boolean): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: length, maxLength: length }).map((stem) => {
    for (let check = 0; check < 100; check++) {
      const id = stem + String(check).padStart(2, '0');
      if (valid(id)) return id;
    }
    return valid('52998224725') ? '52998224725' : '11222333000181';
  });
const cpf = checked('0123456789', 9, isCpf);
const cnpj = fc.oneof(
  checked('0123456789', 12, isCnpj),
  checked('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 12, isCnpj),
);
const cpfWritten = digits(11).map((d) => d.replace(/(...)(...)(...)(..)/, '$1.$2.$3-$4'));
const cnpjWritten = cnpj.map((d) => d.replace(/(..)(...)(...)(....)(..)/, '$1.$2.$3/$4-$5'));
const area = fc.constantFrom('11', '21', '27', '31', '48', '61', '71', '85', '92', '99');
const phone = fc
  .tuple(area, digits(4), digits(4), fc.nat(7))
  .map(
    ([ddd, a, b, form]) =>
      [
        `+55 ${ddd} 9${a}-${b}`,
        `+55${ddd}9${a}${b}`,
        `(${ddd}) 9${a}-${b}`,
        `(${ddd})3${a.slice(1)}-${b}`,
        `${ddd} 9${a}-${b}`,
        `${ddd}9${a}${b}`,
        `55${ddd}9${a}${b}`,
        `${ddd} 3${a.slice(1)}-${b}`,
      ].at(form) ?? '',
  );
const base64url = (min: number) =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMabcdefghijklm0123456789-_'),
    minLength: min,
    maxLength: 60,
  });
const jwt = fc
  .tuple(base64url(10), base64url(20), base64url(20))
  .map(([header, payload, signature]) => `eyJ${header}.eyJ${payload}.${signature}`);
const apiKey = fc.tuple(fc.constantFrom('mf_live_', 'mf_test_'), fc.uuid()).map(([prefix, seed]) => {
  return prefix + createHash('sha256').update(seed).digest('hex').slice(0, 36);
});
const ofBytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b));
const refreshToken = ofBytes(48).map((bytes) => `mf_refresh_${bytes.toString('base64url')}`);
const passwordHash = fc
  .tuple(ofBytes(16), ofBytes(32))
  .map((parts) => parts.map((bytes) => bytes.toString('base64').replace(/=+$/, '')))
  .map(([salt, hash]) => `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${hash}`);
const email = fc.emailAddress();

// Where a value may stand in what is logged. Each gives the object that pino would write.
const places: ((value: string) => object)[] = [
  (value) => ({ msg: value }),
  (value) => ({ msg: `pagador ${value} recusado` }),
  (value) => ({ msg: `linha\n${value}\tfim` }),
  (value) => ({ msg: `(${value}), "${value}"; ${value}.` }),
  (value) => ({ a: { b: [{ c: { note: value } }] }, msg: 'x' }),
  (value) => ({
    err: { type: 'Error', message: `bad ${value}`, stack: `Error: bad ${value}\n    at x.ts:1:2` },
  }),
  (value) => ({ body: JSON.stringify({ note: value, deep: { list: [value] } }) }),
  (value) => ({ query: `?document=${value}` }),
];

const line = (fields: object): string =>
  `${JSON.stringify({ level: 'info', time: '2026-11-22T06:15:12.345Z', name: 'x', ...fields })}\n`;

describe('redact takes out', () => {
  it.each([
    ['a CPF as written', cpfWritten],
    ['a bare CPF with its check digits', cpf],
    ['a CNPJ as written, letters too', cnpjWritten],
    ['a bare CNPJ with its check digits, letters too', cnpj],
    ['a Brazilian phone number', phone],
    ['a JWT', jwt],
    ['an API key', apiKey],
    ['a refresh token', refreshToken],
    ['a password hash', passwordHash],
    ['a bearer token', base64url(12).map((token) => `Bearer ${token}`)],
  ])('%s wherever it stands', (_name, values) => {
    fc.assert(
      fc.property(values, fc.constantFrom(...places), (value, place) => {
        const redacted = redact(line(place(value)));
        expect(redacted).not.toContain(value);
        expect(redacted).not.toContain(value.replace(/^Bearer /, ''));
        JSON.parse(redacted);
      }),
      { numRuns: 500 },
    );
  });

  it('an e-mail address', () => {
    fc.assert(
      fc.property(email, fc.constantFrom(...places), (value, place) => {
        const text = line(place(value));
        fc.pre(text.includes(value));
        const redacted = redact(text);
        expect(redacted).not.toContain(value);
        JSON.parse(redacted);
      }),
      { numRuns: 500 },
    );
  });

  it('whatever a sensitive field holds, at any depth', () => {
    const names = [
      'password',
      'newPassword',
      'senha',
      'accessToken',
      'refresh_token',
      'client_secret',
      'Authorization',
    ];
    const keys = fc.constantFrom(...names, 'set-cookie', 'X-API-Key', 'privateKey', 'cpf', 'email', 'otp');
    const values = fc.oneof(
      fc.string({ minLength: 1 }).map((text) => `§${text}`),
      fc.integer({ min: 1_000_000 }),
      fc.constant({ nested: ['§a"}]', { deeper: '§\\' }] }),
      fc.constant(['§', 12345678]),
    );
    const wrap = fc.constantFrom<(inner: object) => object>(
      (inner) => inner,
      (inner) => ({ a: [{ b: inner }], after: 'kept' }),
      (inner) => ({ body: JSON.stringify(inner), after: 'kept' }),
      (inner) => ({ body: JSON.stringify({ body: JSON.stringify(inner) }), after: 'kept' }),
    );
    fc.assert(
      fc.property(keys, values, wrap, (key, value, around) => {
        const redacted = redact(line(around({ before: 'kept', [key]: value, after: 'kept' })));
        expect(redacted).not.toContain('§');
        if (typeof value === 'number') expect(redacted).not.toContain(String(value));
        const parsed = JSON.parse(redacted) as { body?: string; after: string };
        expect(parsed.after).toBe('kept');
        if (parsed.body) expect(JSON.parse(parsed.body)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a password in a URL', 'connect postgres://app:hunter2@db.internal:5432/x failed', 'hunter2'],
    ['a password in a query', 'GET /x?password=hunter2&y=1', 'hunter2'],
    ['a write key in a query', 'GET /events?key=hunter2', 'hunter2'],
    ['a password in prose', 'login with senha: hunter2', 'hunter2'],
    ['basic credentials', 'Authorization: Basic aHVudGVyMjpodW50ZXIy', 'aHVudGVyMjpodW50ZXIy'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----', 'MIIEvQIBADAN'],
    ['an e-mail address in a URL', 'GET /x?email=ana%40padaria.com.br', 'ana%40padaria'],
    ['an address with accents', 'para joão@padaria.com.br', 'joão'],
    ['a labelled CPF', 'chave cpf52998224725', '52998224725'],
    ['a CPF in CSV', 'a,52998224725,b', '52998224725'],
    ['a phone number in a URL', 'GET /x?phone=%2B5511987654321', '11987654321'],
  ])('%s', (_name, msg, secret) => {
    const redacted = redact(line({ msg }));
    expect(redacted).not.toContain(secret);
    JSON.parse(redacted);
  });

  it('a CPF that is a JSON number, and leaves JSON', () => {
    expect(JSON.parse(redact(line({ a: 52998224725, b: [11222333000181], c: 1 })))).toMatchObject({
      a: '[cpf]',
      b: ['[cnpj]'],
      c: 1,
    });
  });
});

describe('redact leaves as it is', () => {
  const untouched = (fields: object): void => expect(redact(line(fields))).toBe(line(fields));

  it('UUIDs, in fields and in prose', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (a, b) =>
        untouched({ requestId: a, msg: `release ${b} of ${a} posted` }),
      ),
      { numRuns: 5000 },
    );
    untouched({ msg: 'release 55113333-4444-7111-8222-551133334444 posted' });
    untouched({ id: '11987654-3210-4321-8555-551133334444' });
  });

  it('amounts', () => {
    const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(cents, (value) => {
        const sign = value < 0n ? '-' : '';
        const text = String(value < 0n ? -value : value).padStart(3, '0');
        const amount = `${sign}${text.slice(0, -2)}.${text.slice(-2)}`;
        untouched({ amount, msg: `sum ${amount} of [${amount},${amount}]` });
      }),
      { numRuns: 5000 },
    );
  });

  it('times, in every form they are logged', () => {
    const dates = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) =>
        untouched({
          at: date.toISOString(),
          day: date.toISOString().slice(0, 10),
          ms: date.getTime(),
          seconds: Math.floor(date.getTime() / 1000),
          msg: `from ${date.toISOString()} on`,
        }),
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    { tokenId: 'a', tokenType: 'Bearer', idempotencyKey: 'b', keyId: 'c', kid: 'd', scopes: 'events:write' },
    { msg: 'the bearer token expired; passwords are hashed; secrets are kept' },
    {
      stack: 'Error\n    at f (/app/node_modules/@nestjs/core/x.js:12:34)\n    at /app/x/bar@1.2.3/y.js:1:2',
    },
    { offset: 12345678901, bytes: 11987654321, pid: 4711, durationMs: 12.345, ratio: 0.52998224725 },
    { address: '127.0.0.1:5432', version: '18.4.0-beta.17', password: null },
  ])('%j', untouched);

  it('what it already redacted', () => {
    const dirty = line({
      password: 'x',
      msg: '529.982.247-25 ana@padaria.com.br Bearer abcdefghijkl',
      n: 52998224725,
    });
    expect(redact(redact(dirty))).toBe(redact(dirty));
  });
});

it('takes time in proportion to the line, whatever is in it', () => {
  const hostile = [
    'a',
    '@',
    '"password":',
    '\\"',
    '9',
    '(11) 9',
    'eyJ',
    'A',
    '://',
    'x=@',
    '[{"token":[{',
    '\\\\',
    ',52998224725',
    'a@b.co,',
  ];
  for (const unit of hostile) {
    const long = line({ msg: unit.repeat(200_000 / unit.length) });
    const started = performance.now();
    redact(long);
    expect(performance.now() - started).toBeLessThan(1500);
  }
});
