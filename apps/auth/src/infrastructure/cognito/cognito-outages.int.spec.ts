import { COGNITO_PASSWORD, CognitoUnderTest } from '../../../test/cognito-under-test';

const EMAIL = 'dona@padaria.example';
let cognito: CognitoUnderTest;
beforeEach(async () => {
  cognito = await CognitoUnderTest.start({ clientSecret: 'a client secret' });
  cognito.both(EMAIL);
});
afterEach(() => cognito.stop());

const calls: [string, () => Promise<unknown>][] = [
  ['signUp', () => cognito.provider.signUp({ email: 'x@x.example', password: COGNITO_PASSWORD, name: 'X' })],
  ['signIn', () => cognito.signIn(EMAIL)],
  ['confirmSignUp', () => cognito.provider.confirmSignUp({ email: EMAIL, code: '123456' })],
  ['resendConfirmation', () => cognito.provider.resendConfirmation(EMAIL)],
  ['forgotPassword', () => cognito.provider.forgotPassword(EMAIL)],
  [
    'resetPassword',
    () => cognito.provider.resetPassword({ email: EMAIL, code: '123456', password: COGNITO_PASSWORD }),
  ],
];

describe('when Cognito is not well', () => {
  it.each(calls)('%s answers 503 at once when it is throttled as a whole', async (_name, call) => {
    cognito.fake.throttled = true;
    await expect(call()).rejects.toMatchObject({
      code: 'identity_provider_unavailable',
      kind: 'unavailable',
      retryAfter: expect.any(Number),
    });
  });

  it.each(calls)('%s answers 503 when it fails or refuses connections', async (_name, call) => {
    for (const outage of ['failing', 'closed'] as const) {
      cognito.fake.outage = outage;
      await expect(call()).rejects.toMatchObject({ code: 'identity_provider_unavailable' });
    }
  });

  it('waits no longer than a person would when no answer comes, and serves when it is back', async () => {
    cognito.fake.outage = 'silent';
    const begun = Date.now();
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'identity_provider_unavailable' });
    expect(Date.now() - begun).toBeLessThan(15_000);
    cognito.fake.outage = undefined;
    await expect(cognito.signIn(EMAIL)).resolves.toMatchObject({ state: 'proven' });
  });

  it('takes a try again for one that failed for a moment', async () => {
    cognito.fake.failNext('InitiateAuth', 'TooManyRequestsException', 'Rate exceeded');
    await expect(cognito.signIn(EMAIL)).resolves.toMatchObject({ state: 'proven' });
  });

  it.each([
    ['LimitExceededException', 'too_many_attempts'],
    ['TooManyFailedAttemptsException', 'too_many_attempts'],
    ['UserLambdaValidationException', 'identity_provider_unavailable'],
    ['SomethingNewException', 'identity_provider_unavailable'],
  ])('maps %s of a sign-in to %s', async (type, code) => {
    // The SDK takes a limit for throttling and tries again once.
    for (let tries = 0; tries < 2; tries++) cognito.fake.failNext('InitiateAuth', type);
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code });
  });
});

describe('an app client that is set up wrongly', () => {
  it.each([
    ['another secret', { clientSecret: 'right', wrongSecret: 'wrong' }],
    ['a secret that the client has not', { wrongSecret: 'any' }],
  ])('is not taken for a wrong password: %s', async (_name, options) => {
    const wrong = await CognitoUnderTest.start(options);
    try {
      wrong.both(EMAIL);
      await expect(wrong.signIn(EMAIL)).rejects.toMatchObject({ code: 'identity_provider_unavailable' });
      await expect(wrong.provider.forgotPassword(EMAIL)).rejects.toMatchObject({
        code: 'identity_provider_unavailable',
      });
    } finally {
      await wrong.stop();
    }
  });

  it('is not taken for a wrong password: a flow that is off', async () => {
    cognito.fake.failNext(
      'InitiateAuth',
      'InvalidParameterException',
      'USER_PASSWORD_AUTH flow not enabled for this client',
    );
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'identity_provider_unavailable' });
  });
});
