import { randomUUID } from 'node:crypto';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { GoogleJourney, PAGE, googleEnvironment } from './google-journey';
import { GooglePerson, OpenIdProviderUnderTest } from './openid-provider';

describe('sign-in with Google', () => {
  let provider: OpenIdProviderUnderTest;
  let auth: AuthUnderTest;
  let made = 0;
  beforeAll(async () => {
    provider = await OpenIdProviderUnderTest.start();
    auth = await AuthUnderTest.start(googleEnvironment(provider.issuer));
  });
  afterAll(async () => {
    await auth?.stop();
    await provider?.stop();
  });

  const journey = () => new GoogleJourney(auth, provider);
  const aPerson = (changes: Partial<GooglePerson> = {}): GooglePerson => {
    const sub = randomUUID();
    return { sub, email: `${sub}@gmail.example`, email_verified: true, name: 'Dona da Padaria', ...changes };
  };
  const aTenant = () => ({ name: 'Padaria Aurora', subdomain: `aurora-${++made}` });

  it('makes a person and their company the first time, and knows them the second', async () => {
    const [person, newTenant] = [aPerson(), aTenant()];
    const first = await journey().signIn(person, { newTenant });
    expect(first.status).toBe(200);
    expect(first.headers['cache-control']).toBe('no-store');
    const me = await auth.me(first.body.tokens.accessToken);
    expect(me.body).toMatchObject({
      user: { email: person.email, name: 'Dona da Padaria' },
      tenant: { subdomain: newTenant.subdomain },
      role: 'owner',
    });
    const second = await journey().signIn(person);
    expect((await auth.me(second.body.tokens.accessToken)).body['user']).toEqual(me.body['user']);
    expect((await auth.refresh(second.body.tokens.refreshToken)).status).toBe(200);
  });

  it('tells somebody new that they are, and takes the same code once more with a company', async () => {
    const [traveller, taken] = [journey(), aTenant()];
    await auth.register(taken.subdomain);
    const code = await traveller.codeFor(aPerson());
    const refused = async (more: object) => (await traveller.redeem(code, { ...more })).body.code;
    expect(await refused({})).toBe('registration_needed');
    expect(await refused({ newTenant: taken })).toBe('subdomain_taken');
    expect(await refused({ newTenant: { name: 'x', subdomain: 'admin' } })).toBe('reserved_subdomain');
    expect((await traveller.redeem(code, { newTenant: aTenant() })).status).toBe(200);
    expect(await refused({ newTenant: aTenant() })).toBe('invalid_google_code');
  });

  it('takes a code five times at most', async () => {
    const traveller = journey();
    const code = await traveller.codeFor(aPerson());
    const codes: string[] = [];
    for (let i = 0; i < 6; i++) codes.push((await traveller.redeem(code)).body.code);
    expect(codes).toEqual([...Array<string>(5).fill('registration_needed'), 'invalid_google_code']);
  });

  it('never takes over an account by its e-mail, however it is spelt', async () => {
    const subdomain = aTenant().subdomain;
    await auth.register(subdomain);
    for (const email of [`dona@${subdomain}.example`, `DONA@${subdomain.toUpperCase()}.example`]) {
      const answer = await journey().signIn(aPerson({ email }), { newTenant: aTenant() });
      expect([answer.status, answer.body.code]).toEqual([409, 'account_exists']);
    }
  });

  it('registers nobody whose e-mail Google did not verify', async () => {
    for (const changes of [{ email_verified: false }, { email_verified: undefined }, { email: undefined }]) {
      const answer = await journey().signIn(aPerson(changes), { newTenant: aTenant() });
      expect([answer.status, answer.body.code]).toEqual([403, 'email_not_verified']);
    }
  });

  it('knows a person by (iss, sub) even when the e-mail moved to somebody else', async () => {
    const person = aPerson();
    const { body } = await journey().signIn(person, { newTenant: aTenant() });
    const moved = await journey().signIn({ ...person, email: aPerson().email });
    const idOf = async (token: string) => (await auth.me(token)).body['user'];
    expect(await idOf(moved.body.tokens.accessToken)).toEqual(await idOf(body.tokens.accessToken));
    const heir = await journey().signIn(aPerson({ email: person.email }));
    expect(heir.body.code).toBe('account_exists');
  });

  it('makes one account of two first sign-ins at once', async () => {
    const person = aPerson();
    const [one, two] = [journey(), journey()];
    const codes = [await one.codeFor(person), await two.codeFor(person)] as const;
    const answers = await Promise.all([
      one.redeem(codes[0], { newTenant: aTenant() }),
      two.redeem(codes[1], { newTenant: aTenant() }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const tenants = await Promise.all(
      answers.map(async ({ body }) => (await auth.me(body.tokens.accessToken)).body['tenant']),
    );
    expect(tenants[0]).toEqual(tenants[1]);
  });

  it('links to an account that is signed in, after which both ways lead there', async () => {
    const { subdomain } = aTenant();
    await auth.register(subdomain);
    const { accessToken } = await auth.login(subdomain);
    const [traveller, person] = [journey(), aPerson({ email: `dona@${subdomain}.example` })];
    const link = async (code: string) =>
      auth.call('/api/v1/auth/google/link', {
        token: accessToken,
        body: { code, codeVerifier: traveller.codeVerifier },
      });
    // a code is for what it was asked for
    expect((await link(await traveller.codeFor(person))).status).toBe(401);
    const code = await traveller.codeFor(person, { purpose: 'link' });
    expect((await traveller.redeem(code, { newTenant: aTenant() })).body.code).toBe('invalid_google_code');
    expect((await link(await traveller.codeFor(person, { purpose: 'link' }))).status).toBe(204);

    const { body } = await journey().signIn(person);
    expect((await auth.me(body.tokens.accessToken)).body).toMatchObject({
      user: { email: `dona@${subdomain}.example` },
    });
    // one identity, one account
    const other = aTenant().subdomain;
    await auth.register(other);
    const thief = await auth.login(other);
    const again = await auth.call('/api/v1/auth/google/link', {
      token: thief.accessToken,
      body: {
        code: await traveller.codeFor({ ...person, email: `dona@${other}.example` }, { purpose: 'link' }),
        codeVerifier: traveller.codeVerifier,
      },
    });
    expect([again.status, again.body['code']]).toEqual([409, 'identity_linked_elsewhere']);
  });

  it('has no password of its own: none signs in', async () => {
    const person = aPerson();
    await journey().signIn(person, { newTenant: aTenant() });
    for (const password of [PASSWORD, ' ', 'undefined', 'null']) {
      const answer = await auth.call('/api/v1/auth/login', { body: { email: person.email, password } });
      expect([answer.status, answer.body['code']]).toEqual([401, 'invalid_credentials']);
    }
  });

  it('tells the page when the person declined', async () => {
    const declined = await journey().throughGoogle(undefined);
    expect(declined.href).toBe(`${PAGE}?error=access_denied`);
  });

  it('is 404 where it is not set up', async () => {
    const without = await auth.another();
    const departure = await new GoogleJourney(without, provider).depart({ returnTo: 'https://x.example' });
    const redeemed = await without.call('/api/v1/auth/google/token', {
      body: { code: 'x', codeVerifier: 'v'.repeat(43) },
    });
    const returned = await without.call('/api/v1/auth/google/callback?state=x');
    await without.app.close();
    for (const { status, body } of [departure, redeemed, returned])
      expect([status, body.code]).toEqual([404, 'google_not_configured']);
  });
});
