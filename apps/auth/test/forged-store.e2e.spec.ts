import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { seal } from '@libs/kernel';
import { OneTimeStore } from '@libs/redis';
import { Client } from 'pg';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { Authenticator, login } from './authenticator';
import { GoogleJourney, googleEnvironment, PAGE } from './google-journey';
import { OpenIdProviderUnderTest } from './openid-provider';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** Who may write to the one-time store, and knows how we do, but not AUTH_KEY_SECRET. */
describe('what somebody wrote into the one-time store', () => {
  let provider: OpenIdProviderUnderTest;
  let auth: AuthUnderTest;
  let admin: Client;
  const victim = { sub: 'a-victim', email: 'vitima@gmail.example', email_verified: true, name: 'Dona' };

  beforeAll(async () => {
    provider = await OpenIdProviderUnderTest.start();
    auth = await AuthUnderTest.start(googleEnvironment(provider.issuer));
    admin = new Client({ connectionString: auth.database.adminUrl });
    await admin.connect();
    const newTenant = { name: 'Padaria Vítima Ltda', subdomain: 'vitima' };
    expect((await new GoogleJourney(auth, provider).signIn(victim, { newTenant })).status).toBe(200);
    await auth.register('senhora');
  });
  afterAll(async () => {
    await admin?.end();
    await auth?.stop();
    await provider?.stop();
  });

  const random = () => randomBytes(32).toString('base64url');
  const inAnHour = () => new Date(Date.now() + 3_600_000);
  /** Found by a hash of the text, and sealed with what the text gives, or with nothing at all. */
  const plant = async (prefix: string, label: string, text: string, value: object) => {
    const key = `${prefix}:${createHash('sha256').update(text).digest('base64url')}`;
    const sealing = Buffer.from(hkdfSync('sha256', text, '', label, 32));
    const store = auth.app.get(OneTimeStore, { strict: false });
    await store.put(key, seal(JSON.stringify(value), sealing), 3_600);
  };
  const userId = async (email: string) => {
    const { rows } = await admin.query<{ id: string }>('select id from auth.user where email = $1', [email]);
    return rows[0]?.id;
  };

  it('is no word of Google’s', async () => {
    const journey = new GoogleJourney(auth, provider);
    const code = random();
    const person = {
      issuer: provider.issuer,
      subject: victim.sub,
      email: victim.email,
      emailVerified: true,
    };
    const { codeChallenge } = journey;
    const errand = { purpose: 'sign_in', returnTo: PAGE, codeChallenge };
    const proof = { ...errand, person, triesLeft: 5, endsAt: inAnHour() };
    await plant('google-proof', 'moneyflow google proof', code, proof);
    const { status, body } = await journey.redeem(code);
    expect([status, body.code]).toEqual([401, 'invalid_google_code']);
  });

  it('is no sign-in under way', async () => {
    const challengeId = random();
    const continuation = JSON.stringify({
      userId: await userId(victim.email),
      methods: ['fed'],
      secret: SECRET,
    });
    await plant('sign-in', 'moneyflow pending sign-in', challengeId, {
      challenge: 'MFA_SETUP',
      continuation,
      answerer: 'set_up',
      purpose: { kind: 'sign_in', subdomain: 'vitima' },
      triesLeft: 5,
      endsAt: inAnHour(),
    });
    const body = { challengeId, code: new Authenticator(SECRET).code() };
    const answer = await auth.call('/api/v1/auth/mfa', { body });
    expect([answer.status, answer.body['code']]).toEqual([401, 'challenge_ended']);
  });

  it('is no code of a mail', async () => {
    const email = 'dona@senhora.example';
    const { rows } = await admin.query<{ hash: string }>(
      'select password_hash as hash from auth.user where email = $1',
      [email],
    );
    const fingerprint = createHash('sha256').update(String(rows[0]?.hash)).digest('base64url');
    const content = { userId: await userId(email), fingerprint };
    const kept = { content, endsAt: inAnHour().getTime() };
    await plant('mail-code', 'moneyflow mail code', `reset\n${email}\n0123456789AB`, kept);
    const body = { email, code: '0123-4567-89AB', password: 'frase nova de um intruso' };
    const answer = await auth.call('/api/v1/auth/password/reset', { body });
    expect([answer.status, answer.body['code']]).toEqual([422, 'confirmation_failed']);
    expect((await login(auth, email, PASSWORD)).status).toBe(200);
  });
});
