import { createHmac, generateKeyPairSync } from 'node:crypto';
import { Forgery } from '@libs/testing';
import { CognitoUnderTest } from '../../../test/cognito-under-test';

const EMAIL = 'dona@padaria.example';
const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Makes one kind of token wrong, and leaves the other as it should be. */
const only =
  (kind: 'id' | 'access', wrong: Forgery): Forgery =>
  (token) =>
    token.use === kind ? wrong(token) : token.sign(token.header, token.claims);

const changes: [string, Forgery][] = (['id', 'access'] as const).flatMap((kind): [string, Forgery][] => [
  [`${kind}: another key`, only(kind, ({ header, claims, sign }) => sign(header, claims, strange))],
  [
    `${kind}: alg none`,
    only(kind, ({ header, claims }) => `${part({ ...header, alg: 'none' })}.${part(claims)}.`),
  ],
  [
    `${kind}: HS256`,
    only(kind, ({ header, claims }) => {
      const text = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
      return `${text}.${createHmac('sha256', 'public').update(text).digest('base64url')}`;
    }),
  ],
  [
    `${kind}: unknown kid`,
    only(kind, ({ header, claims, sign }) => sign({ ...header, kid: 'other' }, claims)),
  ],
  [
    `${kind}: issuer`,
    only(kind, ({ header, claims, sign }) => sign(header, { ...claims, iss: 'https://evil.example' })),
  ],
  [
    `${kind}: no issuer`,
    only(kind, ({ header, claims, sign }) => sign(header, { ...claims, iss: undefined })),
  ],
  [
    `${kind}: another client`,
    only(kind, ({ header, claims, sign, use }) =>
      sign(header, { ...claims, [use === 'id' ? 'aud' : 'client_id']: 'another' }),
    ),
  ],
  [
    `${kind}: several clients`,
    only(kind, ({ header, claims, sign, use }) => {
      const claim = use === 'id' ? 'aud' : 'client_id';
      return sign(header, { ...claims, [claim]: [claims[claim], 'another'] });
    }),
  ],
  [
    `${kind}: use`,
    only(kind, ({ header, claims, sign, use }) =>
      sign(header, { ...claims, token_use: use === 'id' ? 'access' : 'id' }),
    ),
  ],
  [
    `${kind}: no use`,
    only(kind, ({ header, claims, sign }) => sign(header, { ...claims, token_use: undefined })),
  ],
  [
    `${kind}: over`,
    only(kind, ({ header, claims, sign }) => sign(header, { ...claims, exp: 1_700_000_000 })),
  ],
  [
    `${kind}: without end`,
    only(kind, ({ header, claims, sign }) => sign(header, { ...claims, exp: undefined })),
  ],
  [
    `${kind}: not yet`,
    only(kind, ({ header, claims, sign }) => sign(header, { ...claims, nbf: 4_000_000_000 })),
  ],
  [
    `${kind}: another person`,
    only(kind, ({ header, claims, sign }) => sign(header, { ...claims, sub: 'other' })),
  ],
  [`${kind}: nobody`, only(kind, ({ header, claims, sign }) => sign(header, { ...claims, sub: undefined }))],
  [`${kind}: no token at all`, only(kind, () => '')],
  [`${kind}: not a token`, only(kind, () => 'x.y')],
]);

describe('tokens that Cognito returns', () => {
  let cognito: CognitoUnderTest;
  beforeAll(async () => {
    cognito = await CognitoUnderTest.start();
    cognito.both(EMAIL);
  });
  afterAll(() => cognito.stop());

  it.each(changes)('sign nobody in when they are wrong: %s', async (_name, forgery) => {
    cognito.fake.forge(forgery);
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'identity_provider_unavailable' });
    expect(cognito.identities.links).toEqual([]);
  });

  it('sign in when nothing is wrong with them', async () => {
    cognito.fake.forge(undefined);
    await expect(cognito.signIn(EMAIL)).resolves.toMatchObject({ state: 'proven' });
  });
});
