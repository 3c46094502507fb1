import { encode, Json, NOW_SECONDS, TokenForge } from './token-forge';

export interface Attack {
  name: string;
  token: string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const ABSENT = Symbol('absent');
const WRONG: unknown[] = [
  ABSENT,
  null,
  0,
  -1,
  1.5,
  true,
  false,
  [],
  ['owner'],
  {},
  '',
  ' ',
  'x',
  '\0',
  "' or 1=1",
];
const TIMES: unknown[] = [
  ABSENT,
  null,
  '1',
  `${NOW_SECONDS + 900}`,
  NOW_SECONDS + 0.5,
  -NOW_SECONDS,
  0,
  [],
  {},
  true,
  1e300,
];

/** Every byte of a valid token replaced, several ways; every byte dropped or doubled; every cut. */
export function* mutatedBytes(token: string): Generator<Attack> {
  for (let at = 0; at < token.length; at++) {
    const old = token.charAt(at);
    const index = ALPHABET.indexOf(old);
    const tail = at >= token.length - 4;
    // The last characters hold the unused bits: there every other character is tried.
    const others = tail ? [...ALPHABET] : [ALPHABET[(index + 1) % 64], ALPHABET[(index + 33) % 64]];
    for (const other of new Set([...others, '.', '=', '+', ' ', '\0', 'é'])) {
      if (other === undefined || other === old) continue;
      yield attack(`byte ${at} → ${JSON.stringify(other)}`, splice(token, at, 1, other));
    }
    yield attack(`byte ${at} dropped`, splice(token, at, 1, ''));
    if (at > 0) yield attack(`cut at ${at}`, token.slice(0, at));
  }
  for (const suffix of ['=', '==', '.', '.x', 'A', 'AA', '\n', ' x'])
    yield attack(`suffix ${JSON.stringify(suffix)}`, token + suffix);
}

/** Each of the eight bits of every byte, one at a time. */
export function* flippedBits(token: string): Generator<Attack> {
  for (let at = 0; at < token.length; at++)
    for (let bit = 0; bit < 8; bit++) {
      const other = String.fromCharCode(token.charCodeAt(at) ^ (1 << bit));
      yield attack(`bit ${bit} of byte ${at}`, splice(token, at, 1, other));
    }
}

/** Every claim edited under the old signature, and every claim wrong under a right one. */
export function* mutatedClaims(forge: TokenForge): Generator<Attack> {
  const claims = forge.claims();
  const [header, , signature] = forge.sign().split('.') as [string, string, string];
  for (const [name, value] of Object.entries(claims)) {
    const edited = typeof value === 'number' ? value + 1 : `${String(value)}x`;
    for (const other of [edited, '019a2b3c-0000-7000-8000-00000000000f', ABSENT, null, 'admin'])
      yield attack(
        `${name} edited to ${String(other)}`,
        `${header}.${encode(changed(claims, name, other))}.${signature}`,
      );
    const times = name === 'iat' || name === 'exp' || name === 'auth_time';
    for (const wrong of times ? TIMES : WRONG) {
      if (isRight(name, wrong)) continue;
      yield attack(
        `${name} signed as ${typeof wrong} ${String(wrong)}`,
        forge.sign(changed(claims, name, wrong)),
      );
    }
  }
  for (const aud of [['moneyflow-client'], ['moneyflow-client', 'other'], 'other', 'moneyflow-client '])
    yield attack(`aud ${JSON.stringify(aud)}`, forge.sign(forge.claims({ aud })));
  for (const payload of ['', 'null', '[]', '"text"', '1', '{', '{"iss":'])
    yield attack(`payload ${payload}`, forge.sign(payload));
}

/** The list of docs: headers that lie, algorithms that are not ours, keys that come along. */
export function* forgedHeaders(forge: TokenForge): Generator<Attack> {
  const input = (header: unknown): string => `${encode(header)}.${encode(forge.claims())}`;
  for (const alg of [
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    null,
    0,
    ['RS256'],
    'rs256',
    'RS256 ',
    'RS384',
    'RS512',
  ])
    for (const signature of ['', 'AA', forge.sign().split('.')[2]])
      yield attack(`alg ${JSON.stringify(alg)}`, `${input({ ...forge.header, alg })}.${signature}`);
  for (const alg of ['PS256', 'ES256', 'EdDSA', 'HS256', undefined])
    yield attack(`alg ${alg}, signed as RS256`, forge.sign(forge.claims(), { ...forge.header, alg }));
  const pem = forge.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const secrets: Record<string, string | Buffer> = {
    'SPKI PEM': pem,
    'trimmed PEM': pem.trim(),
    'PKCS#1 PEM': forge.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    'SPKI DER': forge.publicKey.export({ type: 'spki', format: 'der' }),
    'PKCS#1 DER': forge.publicKey.export({ type: 'pkcs1', format: 'der' }),
    JWK: JSON.stringify(forge.jwk),
    modulus: Buffer.from(forge.jwk.n ?? '', 'base64url'),
    nothing: '',
  };
  for (const [name, secret] of Object.entries(secrets))
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS512', 'sha512'],
      ['RS256', 'sha256'],
    ] as const)
      yield attack(
        `${alg} keyed with the public ${name}`,
        forge.hmac(secret, { ...forge.header, alg }, hash),
      );
  yield* foreignKeys(forge);
}

function* foreignKeys(forge: TokenForge): Generator<Attack> {
  const thief = new TokenForge(forge.kid);
  yield attack("another key under our key's name", thief.sign());
  const smuggled: Json[] = [
    { jwk: thief.jwk },
    { jku: 'https://evil.example/jwks.json' },
    { x5u: 'https://evil.example/cert.pem' },
    { x5c: ['MIIB'] },
    { crit: ['b64'], b64: false },
    { b64: false },
    { crit: [] },
    { crit: ['exp'] },
    { cty: 'JWT' },
    { zip: 'DEF' },
    { x: 1 },
  ];
  for (const extra of smuggled) {
    yield attack(
      `header ${JSON.stringify(Object.keys(extra))}`,
      thief.sign(thief.claims(), { ...thief.header, ...extra }),
    );
    yield attack(
      `our own key, header ${JSON.stringify(Object.keys(extra))}`,
      forge.sign(forge.claims(), { ...forge.header, ...extra }),
    );
  }
  const kids: unknown[] = [
    '../../../../dev/null',
    '/dev/null',
    "key-1' or '1'='1",
    "key-1' union select 'x'--",
    'key-1\0',
    '\0',
    '',
    'KEY-1',
    'key-1 ',
    ['key-1'],
    { kid: 'key-1' },
    1,
    null,
    true,
    undefined,
    '__proto__',
    'constructor',
    'a'.repeat(129),
    'a'.repeat(1_000_000),
  ];
  for (const kid of kids)
    for (const signer of [forge, thief])
      yield attack(
        `kid ${String(kid).slice(0, 40)}`,
        signer.sign(signer.claims(), { ...signer.header, kid }),
      );
  for (const typ of ['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', '', null, undefined, ['at+jwt']])
    yield attack(
      `typ ${JSON.stringify(typ)}: an id token`,
      forge.sign(forge.claims(), { ...forge.header, typ }),
    );
  for (const header of ['', 'null', '[]', '"x"', '{', '{"alg":"RS256"', '\ufeff{}'])
    yield attack(`header ${header}`, forge.sign(forge.claims(), header));
}

/** Authentic, and at the wrong time or of the wrong kind. */
export function* wrongTimes(forge: TokenForge): Generator<Attack> {
  const at = (changes: Json): string => forge.sign(forge.claims(changes));
  yield attack('expired', at({ iat: NOW_SECONDS - 931, exp: NOW_SECONDS - 31 }));
  yield attack('expired by exactly the skew', at({ iat: NOW_SECONDS - 930, exp: NOW_SECONDS - 30 }));
  yield attack('issued in the future', at({ iat: NOW_SECONDS + 31, exp: NOW_SECONDS + 900 }));
  yield attack('not yet', at({ nbf: NOW_SECONDS + 31 }));
  for (const nbf of ['0', null, 1.5, -1, [], {}]) yield attack(`nbf ${JSON.stringify(nbf)}`, at({ nbf }));
  yield attack('exp before iat', at({ exp: NOW_SECONDS - 1 }));
  yield attack('lives for a day', at({ exp: NOW_SECONDS + 86_400 }));
  for (const type of ['refresh', 'id', 'ACCESS']) yield attack(`a token of type ${type}`, at({ type }));
  yield attack('userId is not sub', at({ userId: '019a2b3c-0000-7000-8000-00000000000f' }));
  yield attack('a role that does not exist', at({ role: 'root' }));
  yield attack('an opaque refresh token', `mf_refresh_${'A'.repeat(64)}`);
  yield attack('a megabyte', `${'A'.repeat(400_000)}.${'A'.repeat(400_000)}.${'A'.repeat(200_000)}`);
  for (const token of ['', '.', '..', '...', 'a.b', 'a.b.c', 'a.b.c.d', 'a.b.c.d.e'])
    yield attack(token, token);
}

function attack(name: string, token: string): Attack {
  return { name, token };
}

function splice(text: string, at: number, length: number, replacement: string): string {
  return text.slice(0, at) + replacement + text.slice(at + length);
}

function changed(claims: Json, name: string, value: unknown): Json {
  const { [name]: _old, ...others } = claims;
  return value === ABSENT ? others : { ...claims, [name]: value };
}

/** Two claims are free text: what is no attack on them is left out. */
function isRight(name: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return name === 'scope' || (name === 'email' && value !== '');
}
