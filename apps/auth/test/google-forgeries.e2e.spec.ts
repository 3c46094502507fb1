import { generateKeyPairSync } from 'node:crypto';
import { AuthUnderTest } from './auth-under-test';
import { Forged, ForgingProvider } from './forging-provider';
import { googleEnvironment } from './google-journey';
import { CLIENT, REDIRECT_URI } from './openid-provider';

type Forge = ForgingProvider['forge'];

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const withClaims =
  (changes: Record<string, unknown>): Forge =>
  (claims, provider) =>
    provider.honest({ ...claims, ...changes });
const minutesFromNow = (minutes: number) => Math.floor(Date.now() / 1000) + minutes * 60;

const FORGERIES: [string, Forge][] = [
  ['for another client', withClaims({ aud: 'another-app' })],
  ['for several clients, none of them named as the holder', withClaims({ aud: [CLIENT.id, 'another-app'] })],
  ['for several clients, held by another', withClaims({ aud: [CLIENT.id, 'other'], azp: 'other' })],
  ['without an audience', withClaims({ aud: undefined })],
  ['of another issuer', withClaims({ iss: 'https://accounts.google.example' })],
  ['of the issuer with a slash more', (claims, it) => it.honest({ ...claims, iss: `${it.issuer}/` })],
  ['without an issuer', withClaims({ iss: undefined })],
  ['with another nonce', withClaims({ nonce: 'n'.repeat(43) })],
  ['without a nonce', withClaims({ nonce: undefined })],
  ['without a subject', withClaims({ sub: undefined })],
  ['with a number as subject', withClaims({ sub: 7 })],
  ['with an empty subject', withClaims({ sub: '' })],
  ['that is over', withClaims({ exp: minutesFromNow(-2) })],
  ['that never ends', withClaims({ exp: undefined })],
  ['that begins later', withClaims({ nbf: minutesFromNow(5) })],
  ['with no time of issue', withClaims({ iat: undefined })],
  ['with alg none', (claims, it) => it.withIdToken(it.unsigned(claims, 'none'))],
  ['with alg nOnE', (claims, it) => it.withIdToken(it.unsigned(claims, 'nOnE'))],
  ['signed with the client secret', (claims, it) => it.withIdToken(it.hmacSigned(claims, CLIENT.secret))],
  [
    'signed with the public key as a secret',
    (claims, it) =>
      it.withIdToken(it.hmacSigned(claims, it.publicKey.export({ type: 'spki', format: 'pem' }))),
  ],
  ["signed with a stranger's key", (claims, it) => it.withIdToken(it.signed(claims, {}, stranger))],
  [
    'that brings its own key',
    (claims, it) => it.withIdToken(it.signed(claims, { kid: 'theirs', jku: 'http://x.example' }, stranger)),
  ],
  [
    'with a critical header that nobody knows',
    (claims, it) => it.withIdToken(it.signed(claims, { crit: ['x'] })),
  ],
  ['without its signature', (claims, it) => it.withIdToken(it.signed(claims).replace(/[^.]*$/, ''))],
  [
    'with edited claims',
    (claims, it) => {
      const [header, , signature] = it.signed(claims).split('.');
      const edited = Buffer.from(JSON.stringify({ ...claims, sub: 'victim' })).toString('base64url');
      return it.withIdToken([header, edited, signature].join('.'));
    },
  ],
  ['that is missing', (_claims, it) => it.withIdToken(undefined)],
  ['with a subject longer than the standard has', withClaims({ sub: 's'.repeat(256) })],
];

describe('an ID token', () => {
  let google: ForgingProvider;
  let auth: AuthUnderTest;
  beforeAll(async () => {
    google = await ForgingProvider.start();
    auth = await AuthUnderTest.start(googleEnvironment(google.issuer));
  });
  afterAll(async () => {
    await auth?.stop();
    await google?.stop();
  });

  /** What the frontend's page is told, after a sign-in whose token endpoint answers as `forge` says. */
  async function told(forge: Forge): Promise<URLSearchParams> {
    const query = `returnTo=https://app.moneyflow.example/&codeChallenge=${'c'.repeat(43)}`;
    const departure = await auth.call(`/api/v1/auth/google?${query}`);
    const asked = new URL(String(departure.headers['location'])).searchParams;
    google.nonce = String(asked.get('nonce'));
    google.forge = forge;
    const [cookie = ''] = String(departure.headers['set-cookie']).split(';');
    const { pathname } = new URL(REDIRECT_URI);
    const arrival = await auth.call(`${pathname}?code=c&state=${asked.get('state')}`, {
      headers: { cookie },
    });
    return new URL(String(arrival.headers['location'])).searchParams;
  }

  it('that is honest is believed', async () => {
    expect((await told((claims, it) => it.honest(claims))).get('code')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each(FORGERIES)('%s is refused', async (_what, forge) => {
    const page = await told(forge);
    expect(Object.fromEntries(page)).toEqual({ error: 'google_sign_in_refused' });
  });

  it.each<[string, Forged]>([
    ['an error of its own', { status: 500, body: { error: 'server_error' } }],
    ['a page of a proxy', { status: 502, body: '<html>' }],
    ['no token at all', { body: { access_token: 'x', token_type: 'Bearer', id_token: 'x.y.z' } }],
    ['broken JSON', { body: '{"access_token":' }],
    ['a refusal of our client', { status: 401, body: { error: 'invalid_client' } }],
  ])('never came: %s is not the person’s fault', async (_what, answer) => {
    const page = await told(() => answer);
    expect(Object.fromEntries(page)).toEqual({ error: 'identity_provider_unavailable' });
  });

  it('is asked for with the verifier of the challenge that was sent, whatever the provider supports', async () => {
    google.asked.length = 0;
    await told((claims, it) => it.honest(claims));
    expect(google.asked[0]?.get('code_verifier')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(google.asked[0]?.get('redirect_uri')).toBe(REDIRECT_URI);
  });

  it('of a provider that says to be another is never asked for', async () => {
    google.metadata = { issuer: 'https://accounts.google.com' };
    const other = await auth.another(googleEnvironment(google.issuer));
    const query = `returnTo=https://app.moneyflow.example/&codeChallenge=${'c'.repeat(43)}`;
    const departure = await other.call(`/api/v1/auth/google?${query}`);
    google.metadata = {};
    // and the next person finds it mended, without a restart
    const again = await other.call(`/api/v1/auth/google?${query}`);
    await other.app.close();
    expect([departure.status, departure.body['code']]).toEqual([503, 'identity_provider_unavailable']);
    expect(again.status).toBe(303);
  });
});
