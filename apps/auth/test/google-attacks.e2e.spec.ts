import { randomUUID } from 'node:crypto';
import { Mailbox, eventually } from '@libs/testing';
import { MovedClock, answer, enrol } from './authenticator';
import { AuthUnderTest } from './auth-under-test';
import { Company } from './company';
import { FRONTEND, GoogleJourney, PAGE, googleEnvironment } from './google-journey';
import { GooglePerson, OpenIdProviderUnderTest, REDIRECT_URI } from './openid-provider';

const REFUSED = { status: 400, body: { code: 'google_state_unknown' } };

describe('sign-in with Google, attacked', () => {
  let provider: OpenIdProviderUnderTest;
  let auth: AuthUnderTest;
  let mails: Mailbox;
  let made = 0;
  beforeAll(async () => {
    provider = await OpenIdProviderUnderTest.start();
    mails = await Mailbox.open();
    auth = await AuthUnderTest.start({
      ...googleEnvironment(provider.issuer),
      CORS_ORIGINS: `${FRONTEND},http://plain.example,http://localhost:5173`,
      SMTP_URL: mails.url,
    });
  });
  afterAll(async () => {
    await auth?.stop();
    await provider?.stop();
    await mails?.close();
  });

  const journey = () => new GoogleJourney(auth, provider);
  const aPerson = (changes: Partial<GooglePerson> = {}): GooglePerson => {
    const sub = randomUUID();
    return { sub, email: `${sub}@gmail.example`, email_verified: true, name: 'Dona da Padaria', ...changes };
  };
  const aTenant = () => ({ name: 'Padaria Vésper', subdomain: `vesper-${++made}` });
  const pageOf = (arrival: { headers: Record<string, unknown> }) =>
    new URL(String(arrival.headers['location']));

  describe('on the way to Google', () => {
    it.each([
      'https://evil.example/',
      `${FRONTEND}.evil.example/`,
      `https://evil.example/?${FRONTEND}`,
      `https://app.moneyflow.example@evil.example/`,
      `https://user:password@app.moneyflow.example/`,
      'https://app.moneyflow.example:8443/',
      'http://app.moneyflow.example/',
      'http://plain.example/',
      'https://evil.example\\@app.moneyflow.example/',
      '//evil.example/',
      '/entrar',
      'javascript:alert(1)//https://app.moneyflow.example',
      'data:text/html,x',
      `${PAGE}#fragment`,
    ])('sends nobody back to %s', async (returnTo) => {
      const { status, body, cookie } = await journey().depart({ returnTo });
      expect([400, 422]).toContain(status);
      expect(body.code).toMatch(/return_to_refused|invalid_request|malformed_return_to|malformed/);
      expect(cookie).not.toContain('mf_google');
    });

    it('sends developers back to their own machine, without TLS', async () => {
      expect((await journey().depart({ returnTo: 'http://localhost:5173/entrar' })).status).toBe(303);
    });

    it('sends nobody back to a page with an endless address', async () => {
      const { status } = await journey().depart({ returnTo: `${FRONTEND}/${'a'.repeat(2000)}` });
      expect([400, 422]).toContain(status);
    });

    it.each<Record<string, string>>([
      { codeChallenge: '' },
      { codeChallenge: 'short' },
      { purpose: 'admin' },
      { scope: 'all' },
    ])('refuses %p', async (query) => {
      expect((await journey().depart(query)).status).toBe(400);
    });

    it('asks with PKCE by S256, a state and a nonce of its own each time, and for nothing but the person', async () => {
      const [one, two] = [await journey().depart(), await journey().depart()];
      const [asked, other] = [new URL(one.url).searchParams, new URL(two.url).searchParams];
      expect(Object.fromEntries(asked)).toMatchObject({
        response_type: 'code',
        redirect_uri: REDIRECT_URI,
        scope: 'openid email profile',
        code_challenge_method: 'S256',
        prompt: 'select_account',
      });
      for (const name of ['state', 'nonce', 'code_challenge']) {
        expect(asked.get(name)).toMatch(/^[A-Za-z0-9_-]{43}$/);
        expect(asked.get(name)).not.toBe(other.get(name));
      }
    });

    it('leaves a cookie that no script reads and no other site sends along', async () => {
      const search = new URLSearchParams({ returnTo: PAGE, codeChallenge: journey().codeChallenge });
      const path = `/api/v1/auth/google?${search.toString()}`;
      const attributes = async (on: AuthUnderTest) =>
        String((await on.call(path)).headers['set-cookie']).split('; ');
      expect(await attributes(auth)).toEqual([
        expect.stringMatching(/^mf_google_[\w-]{16}=[\w-]{43}$/),
        'Path=/',
        'Max-Age=600',
        'HttpOnly',
        'SameSite=Lax',
      ]);
      const secure = await auth.another({
        ...googleEnvironment(provider.issuer),
        GOOGLE_REDIRECT_URI: 'https://api.moneyflow.example/api/v1/auth/google/callback',
      });
      const [cookie, ...rest] = await attributes(secure);
      await secure.app.close();
      expect(cookie).toMatch(/^__Host-mf_google_/);
      expect(rest).toContain('Secure');
    });

    it('cannot have its PKCE stripped', async () => {
      const traveller = journey();
      const departure = await traveller.depart();
      const url = new URL(departure.url);
      url.searchParams.delete('code_challenge');
      url.searchParams.delete('code_challenge_method');
      const arrival = await traveller.arrive(
        await traveller.atGoogle({ ...departure, url: url.href }, aPerson()),
        departure.cookie,
      );
      expect(pageOf(arrival).search).toBe('?error=google_sign_in_refused');
    });
  });

  describe('on the way back', () => {
    /** One that has been at Google and was not yet taken back. */
    async function returning(person = aPerson()) {
      const traveller = journey();
      const departure = await traveller.depart();
      return { traveller, departure, at: await traveller.atGoogle(departure, person) };
    }

    it('ends in the browser it began in, and nowhere else', async () => {
      const [victim, attacker] = [await returning(), await returning()];
      for (const cookie of [
        undefined,
        '',
        attacker.departure.cookie,
        // the right name with the attacker's secret
        victim.departure.cookie.replace(/=.*/, `=${attacker.departure.cookie.split('=')[1] ?? ''}`),
      ]) {
        const { traveller, departure, at } = await returning();
        const named = cookie?.startsWith('mf_google')
          ? cookie.replace(/^[^=]*/, departure.cookie.replace(/=.*/, ''))
          : cookie;
        expect(await traveller.arrive(at, named)).toMatchObject(REFUSED);
        // and what was tried once is over, for the right browser too
        expect(await traveller.arrive(at, departure.cookie)).toMatchObject(REFUSED);
      }
    });

    it('refuses a browser in which a second cookie of the name was planted', async () => {
      const { traveller, departure, at } = await returning();
      const name = departure.cookie.replace(/=.*/, '');
      const planted = `${departure.cookie}; ${name}=${'p'.repeat(43)}`;
      expect(await traveller.arrive(at, planted)).toMatchObject(REFUSED);
    });

    it('happens once', async () => {
      const { traveller, departure, at } = await returning();
      const arrivals = await Promise.all(
        Array.from({ length: 10 }, () => traveller.arrive(at, departure.cookie)),
      );
      expect(arrivals.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(arrivals.filter(({ status }) => status === 400)).toHaveLength(9);
    });

    it.each<[string, (at: URL) => void]>([
      ['no state', (at) => at.searchParams.delete('state')],
      ['two states', (at) => at.searchParams.append('state', 'x'.repeat(43))],
      ['another state', (at) => at.searchParams.set('state', 'x'.repeat(43))],
      ['a path as state', (at) => at.searchParams.set('state', '../../flow')],
      ['a long state', (at) => at.searchParams.set('state', 'x'.repeat(10_000))],
    ])('with %s leads nowhere', async (_what, change) => {
      const { traveller, departure, at } = await returning();
      change(at);
      expect((await traveller.arrive(at, departure.cookie)).status).toBe(400);
    });

    it.each<[string, (at: URL) => void]>([
      ['another code', (at) => at.searchParams.set('code', 'x')],
      ['two codes', (at) => at.searchParams.append('code', 'x')],
      ['no code', (at) => at.searchParams.delete('code')],
      ['the word of another provider (mix-up)', (at) => at.searchParams.set('iss', 'https://evil.example')],
      ['no word of whose it is', (at) => at.searchParams.delete('iss')],
      ['an error beside the code', (at) => at.searchParams.set('error', 'server_error')],
      ['tokens of its own', (at) => at.searchParams.set('id_token', 'x.y.z')],
    ])('with %s proves nobody', async (_what, change) => {
      const { traveller, departure, at } = await returning();
      change(at);
      const page = pageOf(await traveller.arrive(at, departure.cookie));
      expect(page.searchParams.get('code')).toBeNull();
      expect(page.searchParams.get('error')).toBeTruthy();
    });

    it("takes no code of another's flow: a stolen one is worth nothing", async () => {
      const [victim, attacker] = [await returning(), await returning()];
      attacker.at.searchParams.set('code', String(victim.at.searchParams.get('code')));
      const page = pageOf(await attacker.traveller.arrive(attacker.at, attacker.departure.cookie));
      expect(page.search).toBe('?error=google_sign_in_refused');
    });

    it('cannot be sent elsewhere by a Host of its own', async () => {
      const { departure, at } = await returning();
      const arrival = await auth.call(`${at.pathname}${at.search}`, {
        headers: {
          cookie: departure.cookie,
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'http',
        },
      });
      expect(pageOf(arrival).origin).toBe(FRONTEND);
    });

    it('keeps what the page had in its query, but for a code or an error that was planted there', async () => {
      const returnTo = `${PAGE}?next=/pix&code=planted&error=planted`;
      const page = await journey().throughGoogle(aPerson(), { returnTo });
      expect(Object.fromEntries(page.searchParams)).toEqual({
        next: '/pix',
        code: expect.stringMatching(/^[\w-]{43}$/),
      });
      const declined = await journey().throughGoogle(undefined, { returnTo });
      expect(declined.search).toBe('?next=%2Fpix&error=access_denied');
    });
  });

  describe('at the exchange', () => {
    it('gives one session for a code, however many ask at once', async () => {
      const [person, traveller] = [aPerson(), journey()];
      await journey().signIn(person, { newTenant: aTenant() });
      const code = await traveller.codeFor(person);
      const answers = await Promise.all(Array.from({ length: 20 }, () => traveller.redeem(code)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.code === 'invalid_google_code')).toHaveLength(19);
    });

    it('gives nothing to who did not begin, and burns the code', async () => {
      const [victim, thief] = [journey(), journey()];
      const code = await victim.codeFor(aPerson());
      expect((await thief.redeem(code)).status).toBe(401);
      expect((await victim.redeem(code)).status).toBe(401);
    });

    it('is no way to sign a victim in as the attacker', async () => {
      // the attacker's own code, brought to the victim's page, which has a verifier of its own
      const [attacker, victim] = [journey(), journey()];
      const code = await attacker.codeFor(aPerson());
      expect((await victim.redeem(code)).body).toMatchObject({ code: 'invalid_google_code' });
    });

    it.each([
      ['a state', 'x'.repeat(43)],
      ['nothing', ''],
      ['a path', '../proof'],
    ])('takes %s for no code', async (_what, code) => {
      expect([400, 401]).toContain((await journey().redeem(code)).status);
    });

    it('asks for the second factor of who has one, and gives tokens after it alone', async () => {
      const person = aPerson();
      const { body } = await journey().signIn(person, { newTenant: aTenant() });
      const { app, recoveryCodes } = await enrol(auth, body.tokens.accessToken);
      const challenged = await journey().signIn(person);
      expect(challenged.body).toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA', mfaRequired: true });
      expect(challenged.body.tokens).toBeUndefined();
      const challengeId = String(challenged.body.challengeId);
      expect((await answer(auth, challengeId, app.shown)).status).toBe(401); // spent by the enrolment
      const { body: done } = await answer(auth, challengeId, String(recoveryCodes[0]));
      expect((await auth.me(done.tokens.accessToken)).status).toBe(200);
    });

    it('links nothing from a page of a tenant, nor for nobody', async () => {
      const subdomain = aTenant().subdomain;
      const mallory = await Company.found(auth, mails, subdomain);
      const origin = `https://app.${subdomain}.example`;
      expect((await mallory.call('', { method: 'PATCH', body: { origins: [origin] } })).status).toBe(200);
      await eventually(async () =>
        expect((await journey().depart({ returnTo: `${origin}/` })).status).toBe(303),
      );
      const departure = await journey().depart({ returnTo: `${origin}/`, purpose: 'link' });
      expect([departure.status, departure.body.code]).toEqual([422, 'return_to_refused']);
      expect((await auth.call('/api/v1/auth/google/link', { body: {} })).status).toBe(401);
    });

    it("gives a tenant's page the sessions of that tenant alone, and lets it found none", async () => {
      const subdomain = aTenant().subdomain;
      const mallory = await Company.found(auth, mails, subdomain);
      const origin = `https://app.${subdomain}.example`;
      await mallory.call('', { method: 'PATCH', body: { origins: [origin] } });
      const returnTo = `${origin}/entrar`;
      await eventually(async () => expect((await journey().depart({ returnTo })).status).toBe(303));

      const victim = aPerson();
      await journey().signIn(victim, { newTenant: aTenant() });
      const lured = journey();
      const code = await lured.codeFor(victim, { returnTo });
      for (const more of [{}, { tenant: `vesper-${made}` }, { tenant: subdomain }])
        expect((await lured.redeem(code, more)).body.code).toBe('not_a_member');

      const [newcomer, invited] = [journey(), journey()];
      const founding = await newcomer.codeFor(aPerson(), { returnTo });
      expect((await newcomer.redeem(founding, { newTenant: aTenant() })).body.code).toBe('return_to_refused');
      // whom the tenant invited, it may have
      const guest = aPerson();
      await mallory.invite(String(guest.email), 'viewer');
      const invitation = await mallory.linkTo(String(guest.email));
      const joined = await invited.redeem(await invited.codeFor(guest, { returnTo }), { invitation });
      expect((await auth.me(joined.body.tokens.accessToken)).body).toMatchObject({
        tenant: { subdomain },
        role: 'viewer',
      });
    });

    it("signs in to the tenant of the host, on a tenant's own", async () => {
      const [person, newTenant, other] = [aPerson(), aTenant(), aTenant()];
      await journey().signIn(person, { newTenant });
      await auth.register(other.subdomain);
      await eventually(async () => {
        const traveller = journey();
        const code = await traveller.codeFor(person);
        const redeemAt = (host: string, more: object = {}) =>
          auth.call('/api/v1/auth/google/token', {
            headers: { host },
            body: { code, codeVerifier: traveller.codeVerifier, ...more },
          });
        expect((await redeemAt(`${other.subdomain}.localhost`)).body['code']).toBe('not_a_member');
        const contradiction = { tenant: other.subdomain };
        const wrong = await redeemAt(`${newTenant.subdomain}.localhost`, contradiction);
        expect(wrong.body['code']).toBe('wrong_host');
        expect((await redeemAt('evil.example')).body['code']).toBe('wrong_host');
        expect((await redeemAt(`${newTenant.subdomain}.localhost`)).status).toBe(200);
      });
    });

    it("founds nothing on a tenant's host, and gives no session of another tenant there", async () => {
      const [company, other] = [
        await Company.found(auth, mails, aTenant().subdomain),
        await Company.found(auth, mails, aTenant().subdomain),
      ];
      const guest = aPerson();
      await company.invite(String(guest.email), 'viewer');
      const invitation = await company.linkTo(String(guest.email));
      const traveller = journey();
      const code = await traveller.codeFor(guest);
      const redeemAt = (subdomain: string, more: object) =>
        auth.call('/api/v1/auth/google/token', {
          headers: { host: `${subdomain}.localhost` },
          body: { code, codeVerifier: traveller.codeVerifier, ...more },
        });
      // until the host is known to be somebody's
      await eventually(async () =>
        expect((await redeemAt(other.subdomain, { invitation })).body['code']).toBe('not_a_member'),
      );
      const founding = await redeemAt(other.subdomain, { newTenant: aTenant() });
      expect([founding.status, founding.body['code']]).toEqual([403, 'wrong_host']);
      expect((await redeemAt(company.subdomain, {})).status).toBe(200);
    });

    it('joins by an invitation to that very e-mail, and by no other', async () => {
      const company = await Company.found(auth, mails, aTenant().subdomain);
      const [guest, stranger] = [aPerson(), aPerson()];
      await company.invite(String(guest.email), 'operator');
      const invitation = await company.linkTo(String(guest.email));
      const unverified = { ...aPerson(), email: guest.email, email_verified: false };
      expect((await journey().signIn(stranger, { invitation })).body.code).toBe('invitation_for_another');
      expect((await journey().signIn(unverified, { invitation })).body.code).toBe('email_not_verified');
      const { status, body } = await journey().signIn(guest, { invitation });
      expect(status).toBe(200);
      expect((await auth.me(body.tokens.accessToken)).body).toMatchObject({
        tenant: { subdomain: company.subdomain },
        role: 'operator',
      });
      expect((await journey().signIn(aPerson(), { invitation })).body.code).toBe('invitation_not_found');
      expect((await journey().signIn(stranger)).body.code).toBe('registration_needed');
    });

    it('links nothing more than five minutes after the sign-in', async () => {
      const { owner } = await Company.found(auth, mails, aTenant().subdomain);
      const clock = new MovedClock(auth);
      const traveller = journey();
      const code = await traveller.codeFor(aPerson(), { purpose: 'link' });
      await clock.advance(301);
      const late = await auth.call('/api/v1/auth/google/link', {
        token: owner,
        body: { code, codeVerifier: traveller.codeVerifier },
      });
      clock.restore();
      expect([late.status, late.body['code']]).toEqual([403, 'step_up_required']);
    });
  });
});
