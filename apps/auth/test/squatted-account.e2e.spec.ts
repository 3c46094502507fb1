import { randomUUID } from 'node:crypto';
import { eventually, Mailbox } from '@libs/testing';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { Company } from './company';
import { GoogleJourney, googleEnvironment } from './google-journey';
import { GooglePerson, OpenIdProviderUnderTest } from './openid-provider';

/** Somebody registers another's e-mail before its owner does, and waits for the owner to come. */
describe('an account that was registered with a stranger’s e-mail', () => {
  let mails: Mailbox;
  let provider: OpenIdProviderUnderTest;
  let auth: AuthUnderTest;
  let made = 0;

  beforeAll(async () => {
    provider = await OpenIdProviderUnderTest.start();
    mails = await Mailbox.open();
    auth = await AuthUnderTest.start({ ...googleEnvironment(provider.issuer), SMTP_URL: mails.url });
  });
  afterAll(async () => {
    await auth?.stop();
    await provider?.stop();
    await mails?.close();
  });

  const post = (path: string, body: object, token?: string) =>
    auth.call<{ code: string }>(`/api/v1/auth/${path}`, { body, token });
  const codeFor = (email: string) =>
    eventually(async () => {
      const [code] = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await mails.latest(email)).text) ?? [];
      if (!code) throw new Error('no mail with a code yet');
      return code;
    });
  const aPerson = (email?: string): GooglePerson => {
    const sub = randomUUID();
    return { sub, email: email ?? `${sub}@gmail.example`, email_verified: true, name: 'Gerente' };
  };
  const squat = async () => {
    const subdomain = `posseira-${++made}`;
    const email = `gerente@${subdomain}.example`;
    await auth.register(subdomain, { email });
    return { email, token: (await auth.login(subdomain, { email })).accessToken };
  };
  const link = async (person: GooglePerson, token: string) => {
    const journey = new GoogleJourney(auth, provider);
    const code = await journey.codeFor(person, { purpose: 'link' });
    return post('google/link', { code, codeVerifier: journey.codeVerifier }, token);
  };
  const byGoogle = async (person: GooglePerson, tenant: string) => {
    const { body } = await new GoogleJourney(auth, provider).signIn(person, { tenant });
    return body.tokens ? 'signed in' : body.code;
  };

  it('keeps no way in for who registered it, once its owner took it over and joined a company', async () => {
    const [{ email, token }, squatter] = [await squat(), aPerson()];
    await link(squatter, token);

    const company = await Company.found(auth, mails, `alvo-${made}`);
    await company.invite(email, 'admin');
    const invitation = await company.linkTo(email);
    await post('password/forgot', { email });
    const password = 'frase nova de quem é dono';
    const code = await codeFor(email);
    expect((await post('password/reset', { email, code, password })).status).toBe(204);
    expect((await company.accept(invitation, { password })).status).toBe(201);

    expect(await byGoogle(squatter, company.subdomain)).toBe('registration_needed');
  });

  it('is linked to the Google account of the same e-mail alone, until the e-mail was confirmed', async () => {
    const { email, token } = await squat();
    const another = aPerson();
    expect(await link(another, token)).toMatchObject({ status: 403, body: { code: 'email_not_confirmed' } });
    const unverified = { ...aPerson(email), email_verified: false };
    expect((await link(unverified, token)).status).toBe(403);

    await post('confirm/resend', { email });
    expect((await post('confirm', { email, code: await codeFor(email) })).status).toBe(204);
    expect((await link(another, token)).status).toBe(204);
  });

  it('takes Google’s word for its own e-mail, however it is spelt', async () => {
    const { email, token } = await squat();
    expect((await link(aPerson(email.toUpperCase()), token)).status).toBe(204);
    expect((await auth.login('', { email, password: PASSWORD })).accessToken).toBeDefined();
  });
});
