import { COGNITO_PASSWORD, CognitoUnderTest, proven } from '../../../test/cognito-under-test';

let cognito: CognitoUnderTest;
beforeEach(async () => {
  cognito = await CognitoUnderTest.start({ clientSecret: 'a client secret' });
});
afterEach(() => cognito.stop());

const EMAIL = 'dona@padaria.example';
const signUp = (password = COGNITO_PASSWORD, email = EMAIL) =>
  cognito.provider.signUp({ email, password, name: 'Dona da Padaria' });

describe('signing up at Cognito', () => {
  it('joins the row just made to the new person, who is let in once the e-mail is confirmed', async () => {
    const user = cognito.user(EMAIL);
    await expect(signUp()).resolves.toEqual({ confirmed: false });
    const { sub: subject } = cognito.fake.person(EMAIL);
    expect(cognito.identities.links).toEqual([{ issuer: cognito.fake.issuer, subject, userId: user.id }]);
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'email_not_confirmed' });
    const code = cognito.fake.codeSentTo(EMAIL);
    await cognito.provider.confirmSignUp({ email: ' DONA@padaria.example', code });
    expect(proven(await cognito.signIn('Dona@Padaria.example')).user.id).toBe(user.id);
    expect((await cognito.users.find(user.id))?.confirmedAt).toBeInstanceOf(Date);
  });

  it('sends another code on request, and takes the last one only', async () => {
    cognito.user(EMAIL);
    await signUp();
    const first = cognito.fake.codeSentTo(EMAIL);
    let second = first;
    while (second === first) {
      await cognito.provider.resendConfirmation(EMAIL);
      second = cognito.fake.codeSentTo(EMAIL);
    }
    await expect(cognito.provider.confirmSignUp({ email: EMAIL, code: first })).rejects.toMatchObject({
      code: 'confirmation_failed',
    });
    await cognito.provider.confirmSignUp({ email: EMAIL, code: second });
    await expect(cognito.provider.confirmSignUp({ email: EMAIL, code: second })).rejects.toMatchObject({
      code: 'confirmation_failed',
    });
  });

  it.each(['no capitals 1', 'NO SMALL 1', ' Leading Space 1', 'No figures'])(
    'refuses what the pool refuses as a password: %j',
    async (password) => {
      cognito.user(EMAIL);
      await expect(signUp(password)).rejects.toMatchObject({ code: 'weak_password' });
    },
  );

  it('refuses an e-mail longer than Cognito takes', async () => {
    const email = `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example`;
    await expect(signUp(COGNITO_PASSWORD, email)).rejects.toMatchObject({ code: 'malformed_email' });
  });

  it('lets a registration that failed after its Cognito part be repeated, by who knows the password', async () => {
    await signUp();
    const user = cognito.user(EMAIL);
    await expect(signUp('Another 1 password')).rejects.toMatchObject({ code: 'email_taken' });
    await expect(signUp()).resolves.toEqual({ confirmed: false });
    await cognito.provider.confirmSignUp({ email: EMAIL, code: cognito.fake.codeSentTo(EMAIL) });
    await expect(signUp()).resolves.toEqual({ confirmed: true });
    expect(cognito.identities.links).toEqual([]);
    expect(proven(await cognito.signIn(EMAIL)).user.id).toBe(user.id);
    expect(cognito.identities.links).toHaveLength(1);
  });

  it.each([
    ['has a password of ours', () => void cognito.user(EMAIL, 'hash')],
    [
      'is proven by another provider',
      () =>
        void cognito.identities.links.push({
          issuer: 'https://accounts.example',
          subject: '1',
          userId: cognito.user(EMAIL).id,
        }),
    ],
  ])('makes nobody at Cognito for a user who %s', async (_name, given) => {
    given();
    await expect(signUp()).rejects.toMatchObject({ code: 'email_taken' });
    expect(cognito.fake.calls).toEqual([]);
  });
});

describe('the first sign-in', () => {
  it('links a user by the e-mail that Cognito verified, once, however many come at once', async () => {
    const { user, person } = cognito.both(EMAIL);
    const steps = await Promise.all(Array.from({ length: 10 }, () => cognito.signIn(EMAIL)));
    expect(new Set(steps.map((step) => proven(step).user.id))).toEqual(new Set([user.id]));
    expect(cognito.identities.links).toEqual([
      { issuer: cognito.fake.issuer, subject: person.sub, userId: user.id },
    ]);
  });

  it('finds the person by issuer and subject ever after, whatever the e-mail there', async () => {
    const { user, person } = cognito.both(EMAIL);
    await cognito.signIn(EMAIL);
    person.email = 'outra@padaria.example';
    const other = cognito.user('outra@padaria.example');
    expect(proven(await cognito.signIn('outra@padaria.example')).user.id).toBe(user.id);
    expect(await cognito.identities.ofUser(other.id)).toEqual([]);
  });

  it.each([
    ['has not verified the e-mail', () => void cognito.both(EMAIL, { emailVerified: false })],
    ['we do not know', () => void cognito.fake.pool.add({ email: EMAIL, password: COGNITO_PASSWORD })],
    [
      'would take over a user of another provider',
      () => {
        const { user } = cognito.both(EMAIL);
        cognito.identities.links.push({ issuer: 'https://accounts.example', subject: '1', userId: user.id });
      },
    ],
    [
      'would take over a user whom another person of the pool is',
      () => {
        const { user } = cognito.both(EMAIL);
        cognito.identities.links.push({ issuer: cognito.fake.issuer, subject: 'former', userId: user.id });
      },
    ],
  ])('opens nothing to who %s', async (_name, given) => {
    given();
    const before = cognito.identities.links.length;
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'not_a_member' });
    expect(cognito.identities.links).toHaveLength(before);
  });
});

describe('a forgotten password', () => {
  it('is replaced by who gets the mail, and the code is good once', async () => {
    const { user } = cognito.both(EMAIL);
    await cognito.provider.forgotPassword(EMAIL);
    const code = cognito.fake.codeSentTo(EMAIL);
    const reset = { email: EMAIL, code, password: 'Outra Senha 99' };
    await expect(cognito.provider.resetPassword({ ...reset, password: 'fraca' })).rejects.toMatchObject({
      code: 'weak_password',
    });
    await expect(cognito.provider.resetPassword(reset)).resolves.toMatchObject({ id: user.id });
    await expect(cognito.provider.resetPassword(reset)).rejects.toMatchObject({
      code: 'confirmation_failed',
    });
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(cognito.signIn(EMAIL, 'Outra Senha 99')).resolves.toMatchObject({ state: 'proven' });
  });

  it.each(['tokens', 'a challenge'])(
    'is that of the person whom Cognito means, not of who had the e-mail before (told by %s)',
    async (told) => {
      const moved = cognito.both(EMAIL);
      await cognito.signIn(EMAIL);
      const former = cognito.both('antes@padaria.example');
      await cognito.signIn('antes@padaria.example');
      // At Cognito the one gave up the address, and the other one took it.
      former.person.email = 'depois@padaria.example';
      moved.person.email = 'antes@padaria.example';
      if (told === 'a challenge')
        Object.assign(moved.person, { phone: '+5511999990000', factors: ['SMS_MFA'] });
      await cognito.provider.forgotPassword('antes@padaria.example');
      const code = cognito.fake.codeSentTo('antes@padaria.example');
      const reset = { email: 'antes@padaria.example', code, password: 'Outra Senha 99' };
      await expect(cognito.provider.resetPassword(reset)).resolves.toMatchObject({ id: moved.user.id });
      expect((await cognito.users.find(moved.user.id))?.credentialsChangedAt).toBeDefined();
      expect((await cognito.users.find(former.user.id))?.credentialsChangedAt).toBeUndefined();
    },
  );

  it('ends the sessions of who has the e-mail here, where Cognito does not say whom it means', async () => {
    const { user } = cognito.both(EMAIL);
    await cognito.signIn(EMAIL);
    await cognito.provider.forgotPassword(EMAIL);
    const code = cognito.fake.codeSentTo(EMAIL);
    cognito.fake.failNext('InitiateAuth', 'TooManyRequestsException', 'Too many requests');
    const reset = { email: EMAIL, code, password: 'Outra Senha 99' };
    await expect(cognito.provider.resetPassword(reset)).resolves.toMatchObject({ id: user.id });
  });

  it.each([true, false])(
    'says the same of accounts that are there and that are not (errors hidden by the pool: %s)',
    async (hidden) => {
      cognito.fake.api.hidesUnknown = hidden;
      cognito.both('sem@padaria.example', { status: 'UNCONFIRMED', emailVerified: false });
      cognito.both('fora@padaria.example', { enabled: false });
      cognito.both(EMAIL);
      const { provider } = cognito;
      for (const email of [EMAIL, 'sem@padaria.example', 'fora@padaria.example', 'ninguem@x.example', 'x']) {
        await expect(provider.forgotPassword(email)).resolves.toBeUndefined();
        await expect(provider.resendConfirmation(email)).resolves.toBeUndefined();
        await expect(provider.confirmSignUp({ email, code: '000000' })).rejects.toMatchObject({
          code: 'confirmation_failed',
        });
        await expect(
          provider.resetPassword({ email, code: 'wrong0', password: COGNITO_PASSWORD }),
        ).rejects.toMatchObject({ code: 'confirmation_failed' });
      }
    },
  );

  it.each(['ForgotPassword', 'ConfirmForgotPassword'])(
    'does not tell by a limit of %s that somebody is there',
    async (call) => {
      cognito.both(EMAIL);
      cognito.fake.failNext(
        call,
        'LimitExceededException',
        'Attempt limit exceeded, please try after some time.',
      );
      await (call === 'ForgotPassword'
        ? expect(cognito.provider.forgotPassword(EMAIL)).resolves.toBeUndefined()
        : expect(
            cognito.provider.resetPassword({ email: EMAIL, code: '123456', password: COGNITO_PASSWORD }),
          ).rejects.toMatchObject({ code: 'confirmation_failed' }));
    },
  );
});

describe('a session that acts at Cognito', () => {
  it('enrols an authenticator, which sign-ins ask for from then on, and gives it up again', async () => {
    cognito.both(EMAIL);
    const session = await cognito.session(EMAIL);
    const { provider, fake } = cognito;
    await expect(provider.verifyTotp(session, '123456')).rejects.toMatchObject({ code: 'no_totp_enrolment' });
    const { secret } = await provider.beginTotp(session);
    await expect(cognito.signIn(EMAIL)).resolves.toMatchObject({ state: 'proven' });
    const right = fake.codeOf(secret);
    const wrong = String((Number(right) + 500_000) % 1_000_000).padStart(6, '0');
    for (const code of [wrong, 'abcdef'])
      await expect(provider.verifyTotp(session, code)).rejects.toMatchObject({ code: 'wrong_code' });
    await expect(provider.secondFactors(session.userId, session)).resolves.toEqual([]);
    await expect(provider.verifyTotp(session, right)).resolves.toEqual([]);
    await expect(provider.secondFactors(session.userId, session)).resolves.toEqual(['totp']);
    await expect(cognito.signIn(EMAIL)).resolves.toMatchObject({ challenge: 'SOFTWARE_TOKEN_MFA' });
    await provider.removeTotp(session);
    await expect(provider.secondFactors(session.userId, session)).resolves.toEqual([]);
    await expect(cognito.signIn(EMAIL)).resolves.toMatchObject({ state: 'proven' });
  });

  it('asks Cognito for the second factors once a minute, and shows the last answer while it is away', async () => {
    cognito.both(EMAIL, { factors: ['SMS_MFA'], phone: '+5511987654321' });
    cognito.fake.api.mfa = 'OFF';
    const session = await cognito.session(EMAIL);
    const ask = () => cognito.provider.secondFactors(session.userId, session);
    const asked = () => cognito.fake.calls.filter(({ call }) => call === 'GetUser').length;
    await Promise.resolve(await ask());
    await expect(ask()).resolves.toEqual(['sms']);
    expect(asked()).toBe(1);
    cognito.fake.advance(61);
    await expect(ask()).resolves.toEqual(['sms']);
    expect(asked()).toBe(2);
    cognito.fake.advance(61);
    cognito.fake.throttled = true;
    await expect(ask()).resolves.toEqual(['sms']);
  });

  it('changes the password for who knows the old one', async () => {
    cognito.both(EMAIL);
    const session = await cognito.session(EMAIL);
    const change = (current: string, next: string) =>
      cognito.provider.changePassword(session, { current, next });
    await expect(change('Wrong 1 password', 'Outra Senha 99')).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    await expect(change(COGNITO_PASSWORD, 'no capitals 1')).rejects.toMatchObject({ code: 'weak_password' });
    await expect(change(COGNITO_PASSWORD, EMAIL)).rejects.toMatchObject({ code: 'weak_password' });
    await change(COGNITO_PASSWORD, 'Outra Senha 99');
    await expect(cognito.signIn(EMAIL, 'Outra Senha 99')).resolves.toMatchObject({ state: 'proven' });
  });

  it.each([true, false])('refreshes tokens that are over (rotation: %s)', async (rotation) => {
    cognito.fake.grants.rotation = rotation;
    cognito.both(EMAIL);
    const session = await cognito.session(EMAIL);
    for (let hours = 0; hours < 3; hours++) {
      cognito.fake.advance(3600);
      await expect(cognito.provider.beginTotp(session)).resolves.toMatchObject({
        secret: expect.any(String),
      });
    }
    const refreshes = cognito.fake.calls.filter(({ call }) => call === 'GetTokensFromRefreshToken');
    expect(refreshes).toHaveLength(3);
  });

  it('ends everywhere: nothing of the person is good at Cognito afterwards, refresh tokens neither', async () => {
    cognito.both(EMAIL);
    const here = await cognito.session(EMAIL);
    const there = await cognito.session(EMAIL);
    await cognito.provider.signOutEverywhere(here);
    expect(cognito.grants.kept.has(here.sessionId)).toBe(false);
    await expect(cognito.provider.beginTotp(here)).rejects.toMatchObject({ code: 'step_up_required' });
    await expect(cognito.provider.beginTotp(there)).rejects.toMatchObject({ code: 'step_up_required' });
    cognito.fake.advance(3600);
    const later = await cognito.session(EMAIL);
    await cognito.provider.signOutEverywhere(later);
    cognito.fake.advance(3600);
    await cognito.grants.keep(later, JSON.stringify({ accessToken: 'x', refreshToken: 'y', expiresAt: 0 }));
    await expect(cognito.provider.beginTotp(later)).rejects.toMatchObject({ code: 'step_up_required' });
  });

  it('signs out everywhere as often as it is asked to', async () => {
    cognito.both(EMAIL);
    const session = await cognito.session(EMAIL);
    await cognito.provider.signOutEverywhere(session);
    await expect(cognito.provider.signOutEverywhere(session)).resolves.toBeUndefined();
  });

  it('asks for a fresh proof where nothing is kept', async () => {
    cognito.both(EMAIL);
    const session = { ...(await cognito.session(EMAIL)), sessionId: 'another' };
    await expect(cognito.provider.removeTotp(session)).rejects.toMatchObject({ code: 'step_up_required' });
    await expect(cognito.provider.secondFactors(session.userId, session)).resolves.toEqual([]);
  });
});
