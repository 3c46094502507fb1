import { randomUUID } from 'node:crypto';
import { eventually, Mailbox } from '@libs/testing';
import { EndAllSessions } from '../src/application/sessions/end-all-sessions';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { Authenticator, enrol, login } from './authenticator';
import { Company } from './company';
import { GoogleJourney, googleEnvironment } from './google-journey';
import { GooglePerson, OpenIdProviderUnderTest } from './openid-provider';

const NEXT = 'frase nova de quem é dono';

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
  /** Asks for a code; the mail of an earlier one does not count. */
  const codeOf = async (path: 'confirm/resend' | 'password/forgot', email: string) => {
    const before = mails.mails.length;
    expect((await post(path, { email })).status).toBe(204);
    return eventually(async () => {
      const mail = mails.mails.slice(before).findLast(({ to }) => to.includes(email));
      const [code] = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(mail?.text ?? '') ?? [];
      if (!code) throw new Error('no mail with a code yet');
      return code;
    });
  };
  const confirm = async (email: string, more: { password?: string } = {}) =>
    post('confirm', { email, code: await codeOf('confirm/resend', email), ...more });
  const reset = async (email: string, password = NEXT) =>
    post('password/reset', { email, code: await codeOf('password/forgot', email), password });
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
    expect((await reset(email)).status).toBe(204);
    expect((await company.accept(invitation, { password: NEXT })).status).toBe(201);

    expect(await byGoogle(squatter, company.subdomain)).toBe('registration_needed');
  });

  it('is linked to the Google account of the same e-mail alone, until the e-mail was confirmed', async () => {
    const { email, token } = await squat();
    const another = aPerson();
    expect(await link(another, token)).toMatchObject({ status: 403, body: { code: 'email_not_confirmed' } });
    const unverified = { ...aPerson(email), email_verified: false };
    expect((await link(unverified, token)).status).toBe(403);

    expect((await confirm(email)).status).toBe(204);
    expect((await link(another, token)).status).toBe(204);
  });

  it('takes Google’s word for its own e-mail, however it is spelt', async () => {
    const { email, token } = await squat();
    expect((await link(aPerson(email.toUpperCase()), token)).status).toBe(204);
    expect((await auth.login('', { email, password: PASSWORD })).accessToken).toBeDefined();
  });

  describe('and had an authenticator enrolled', () => {
    const enrolled = async () => {
      const { email, token } = await squat();
      return { email, token, ...(await enrol(auth, token)) };
    };
    const signIn = async (email: string, password: string) => {
      const { body } = await login(auth, email, password);
      return body.tokens ? 'signed in' : (body.challenge ?? body.code);
    };

    it('loses it at the first reset, and with it all that was linked, and every session', async () => {
      const [{ email, token }, squatter] = [await enrolled(), aPerson()];
      // The owner of the mailbox was told about the account and confirmed it, by the code alone.
      expect((await confirm(email)).status).toBe(204);
      expect((await link(squatter, token)).status).toBe(204);
      expect((await reset(email)).status).toBe(204);
      expect(await signIn(email, NEXT)).toBe('signed in');
      expect(await byGoogle(squatter, `posseira-${made}`)).toBe('registration_needed');
      expect((await auth.me(token)).status).toBe(401);
      const told = () => mails.mails.some(({ to, text }) => to.includes(email) && text.includes('API'));
      await eventually(async () => expect(told()).toBe(true));
    });

    it('keeps it for who proved mailbox and password together', async () => {
      const { email, app } = await enrolled();
      expect((await confirm(email, { password: 'a de outra pessoa' })).body.code).toBe('invalid_credentials');
      expect((await confirm(email, { password: PASSWORD })).status).toBe(204);
      expect((await reset(email)).status).toBe(204);
      const { challenge, challengeId } = (await login(auth, email, NEXT)).body;
      expect(challenge).toBe('SOFTWARE_TOKEN_MFA');
      const answer = { challengeId, code: app.code(1) };
      expect((await post('mfa', answer)).status).toBe(200);
    });

    it('may be asked for the password later, when the code alone had confirmed it', async () => {
      const { email } = await enrolled();
      expect((await confirm(email)).status).toBe(204);
      expect((await confirm(email, { password: PASSWORD })).status).toBe(204);
      expect((await reset(email)).status).toBe(204);
      expect(await signIn(email, NEXT)).toBe('SOFTWARE_TOKEN_MFA');
    });

    it('keeps it for who joined a company by the link of the mail and the password', async () => {
      const { email } = await enrolled();
      const company = await Company.found(auth, mails, `convida-${made}`);
      await company.invite(email, 'operator');
      expect((await company.accept(await company.linkTo(email), { password: PASSWORD })).status).toBe(201);
      expect((await reset(email)).status).toBe(204);
      const body = { email, password: NEXT, tenant: company.subdomain };
      const answer = await auth.call('/api/v1/auth/login', { body });
      expect(answer.body).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
    });

    it('keeps what was enrolled after the first reset', async () => {
      const { email } = await squat();
      expect((await reset(email)).status).toBe(204);
      await enrol(auth, (await auth.login('', { email, password: NEXT })).accessToken);
      expect((await reset(email, `${NEXT} 2`)).status).toBe(204);
      expect(await signIn(email, `${NEXT} 2`)).toBe('SOFTWARE_TOKEN_MFA');
    });

    it('takes none in a session of before the reset, though nothing has ended it yet', async () => {
      const { email, token } = await squat();
      const { body } = await auth.call<{ secret: string }>('/api/v1/auth/mfa/totp', {
        method: 'POST',
        token,
      });
      jest
        .spyOn(auth.app.get(EndAllSessions, { strict: false }), 'execute')
        .mockRejectedValueOnce(new Error('the process has ended'));
      expect((await reset(email)).status).toBe(500);
      expect((await auth.me(token)).status).toBe(200);
      const code = new Authenticator(body.secret).code();
      expect((await post('mfa/totp/verify', { code }, token)).status).not.toBe(200);
      const again = await auth.call<{ secret: string }>('/api/v1/auth/mfa/totp', { method: 'POST', token });
      const second = new Authenticator(again.body?.secret ?? body.secret).code();
      expect((await post('mfa/totp/verify', { code: second }, token)).status).not.toBe(200);
      expect((await link(aPerson(), token)).status).not.toBe(204);
      expect(await signIn(email, NEXT)).toBe('signed in');
    });
  });
});
