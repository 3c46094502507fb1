import { COGNITO_PASSWORD, CognitoUnderTest, proven } from '../../../test/cognito-under-test';
import { ChallengeAnswer, Challenged, SignInStep } from '../../application/sign-in/identity-provider';

let cognito: CognitoUnderTest;
beforeEach(async () => {
  cognito = await CognitoUnderTest.start({ clientSecret: 'a client secret' });
});
afterEach(() => cognito.stop());

const EMAIL = 'dona@padaria.example';

function challenged(step: SignInStep): Challenged {
  if (step.state !== 'challenged') throw new Error('proven at once');
  return step;
}
const answer = ({ challenge, continuation }: Challenged, given: ChallengeAnswer) =>
  cognito.provider.answer({ challenge, continuation, answer: given });

/** A person with an authenticator, and its secret. */
function withAuthenticator(email = EMAIL) {
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  return { secret, ...cognito.both(email, { factors: ['SOFTWARE_TOKEN_MFA'], authenticator: secret }) };
}
const withPhone = () => cognito.both(EMAIL, { factors: ['SMS_MFA'], phone: '+5511987654321' });

describe('a sign-in at Cognito', () => {
  it('proves by the password alone who has nothing more, and keeps what acting there needs', async () => {
    const { user } = cognito.both(EMAIL);
    const step = proven(await cognito.signIn(EMAIL));
    expect(step).toMatchObject({ user: { id: user.id }, methods: ['pwd'] });
    expect(JSON.parse(step.grant ?? '')).toMatchObject({ accessToken: expect.any(String) });
  });

  it.each([
    ['a wrong password', EMAIL, 'Wrong password 1'],
    ['nobody', 'ninguem@padaria.example', COGNITO_PASSWORD],
    ['something that is no e-mail', 'dona', COGNITO_PASSWORD],
  ])('answers alike to %s', async (_name, email, password) => {
    cognito.both(EMAIL);
    await expect(cognito.signIn(email, password)).rejects.toMatchObject({ code: 'invalid_credentials' });
    cognito.fake.api.hidesUnknown = false;
    await expect(cognito.signIn(email, password)).rejects.toMatchObject({ code: 'invalid_credentials' });
  });

  it.each([
    ['UNCONFIRMED', 'email_not_confirmed'],
    ['RESET_REQUIRED', 'password_reset_required'],
  ] as const)('says what is missing to who is %s', async (status, code) => {
    cognito.both(EMAIL, { status });
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code });
  });

  it('does not tell who was disabled', async () => {
    cognito.both(EMAIL, { enabled: false });
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'invalid_credentials' });
  });

  it('says that too much was tried when Cognito locks the account', async () => {
    cognito.both(EMAIL);
    for (let tries = 0; tries < 6; tries++)
      await cognito.signIn(EMAIL, 'Wrong password 1').catch(() => undefined);
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'too_many_attempts' });
  });

  it('asks for the code that was sent by SMS, and shows where it went', async () => {
    withPhone();
    const step = challenged(await cognito.signIn(EMAIL));
    expect(step).toMatchObject({ challenge: 'SMS_MFA', details: { destination: '+*********4321' } });
    const code = cognito.fake.codeSentTo('+5511987654321');
    const wrong = code === '000000' ? '000001' : '000000';
    await expect(answer(step, { code: wrong })).rejects.toMatchObject({ code: 'wrong_code' });
    expect(proven(await answer(step, { code })).methods).toEqual(['pwd', 'sms', 'mfa']);
    await expect(answer(step, { code })).rejects.toMatchObject({ code: 'challenge_ended' });
  });

  it('asks for the code of the authenticator, which is good once', async () => {
    const { secret } = withAuthenticator();
    const code = cognito.fake.codeOf(secret);
    expect(proven(await answer(challenged(await cognito.signIn(EMAIL)), { code })).methods).toEqual([
      'pwd',
      'otp',
      'mfa',
    ]);
    const again = challenged(await cognito.signIn(EMAIL));
    await expect(answer(again, { code })).rejects.toMatchObject({ code: 'wrong_code' });
    cognito.fake.advance(30);
    await expect(answer(again, { code: cognito.fake.codeOf(secret) })).resolves.toMatchObject({
      state: 'proven',
    });
  });

  it.each(['', '12345', '1234567', 'abcdef', '12345\n6', '１２３４５６'])(
    'does not bother Cognito with %j as a code',
    async (code) => {
      withAuthenticator();
      const step = challenged(await cognito.signIn(EMAIL));
      const calls = cognito.fake.calls.length;
      await expect(answer(step, { code })).rejects.toMatchObject({ code: 'wrong_code' });
      expect(cognito.fake.calls).toHaveLength(calls);
    },
  );

  it('ends with the challenge after five wrong codes', async () => {
    const { secret } = withAuthenticator();
    const step = challenged(await cognito.signIn(EMAIL));
    const right = cognito.fake.codeOf(secret);
    const wrong = String((Number(right) + 500_000) % 1_000_000).padStart(6, '0');
    for (let tries = 0; tries < 5; tries++)
      await expect(answer(step, { code: wrong })).rejects.toMatchObject({ code: 'wrong_code' });
    await expect(answer(step, { code: right })).rejects.toMatchObject({ code: 'challenge_ended' });
  });

  it('ends when the Session is older than the pool allows', async () => {
    const { secret } = withAuthenticator();
    const step = challenged(await cognito.signIn(EMAIL));
    cognito.fake.advance(181);
    await expect(answer(step, { code: cognito.fake.codeOf(secret) })).rejects.toMatchObject({
      code: 'challenge_ended',
    });
  });

  it("opens nobody's second factor with another person's password", async () => {
    const victim = withAuthenticator();
    cognito.both('ladrao@padaria.example', { factors: ['SOFTWARE_TOKEN_MFA'], authenticator: 'GEZDGNBV' });
    const own = challenged(await cognito.signIn('ladrao@padaria.example'));
    const crossed = { ...JSON.parse(own.continuation), username: victim.person.sub };
    await expect(
      answer({ ...own, continuation: JSON.stringify(crossed) }, { code: cognito.fake.codeOf(victim.secret) }),
    ).rejects.toMatchObject({ code: 'challenge_ended' });
    const forged = { ...crossed, session: 'x'.repeat(100) };
    await expect(
      answer({ ...own, continuation: JSON.stringify(forged) }, { code: '123456' }),
    ).rejects.toMatchObject({ code: 'challenge_ended' });
  });

  it('takes an answer to no other challenge than the one that was asked', async () => {
    const { secret } = withAuthenticator();
    const step = challenged(await cognito.signIn(EMAIL));
    await expect(
      answer({ ...step, challenge: 'SMS_MFA' }, { code: cognito.fake.codeOf(secret) }),
    ).rejects.toMatchObject({ code: 'challenge_ended' });
  });

  it('wants a new password where the first was given by an administrator', async () => {
    cognito.both(EMAIL, { status: 'FORCE_CHANGE_PASSWORD' });
    const step = challenged(await cognito.signIn(EMAIL));
    expect(step.challenge).toBe('NEW_PASSWORD_REQUIRED');
    for (const password of [undefined, 'x', 'no capitals 1'])
      await expect(answer(step, { password })).rejects.toMatchObject({ code: 'weak_password' });
    await expect(answer(step, { password: 'Outra Senha 99' })).resolves.toMatchObject({ state: 'proven' });
    await expect(cognito.signIn(EMAIL, 'Outra Senha 99')).resolves.toMatchObject({ state: 'proven' });
  });

  it('leads through enrolment where the pool demands a second factor', async () => {
    cognito.fake.api.mfa = 'ON';
    cognito.both(EMAIL);
    const step = challenged(await cognito.signIn(EMAIL));
    expect(step.challenge).toBe('MFA_SETUP');
    const secret = step.details?.secret ?? '';
    const right = cognito.fake.codeOf(secret);
    const wrong = String((Number(right) + 500_000) % 1_000_000).padStart(6, '0');
    await expect(answer(step, { code: wrong })).rejects.toMatchObject({ code: 'wrong_code' });
    expect(proven(await answer(step, { code: right })).methods).toEqual(['pwd', 'otp', 'mfa']);
    expect(challenged(await cognito.signIn(EMAIL)).challenge).toBe('SOFTWARE_TOKEN_MFA');
  });

  it('lets who has two kinds of second factor choose among them, and no other', async () => {
    const { person } = withAuthenticator();
    person.factors = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'];
    person.phone = '+5511987654321';
    const step = challenged(await cognito.signIn(EMAIL));
    expect(step).toMatchObject({
      challenge: 'SELECT_MFA_TYPE',
      details: { options: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] },
    });
    for (const choice of [undefined, 'MFA_SETUP'] as const)
      await expect(answer(step, { choice })).rejects.toMatchObject({ code: 'unknown_choice' });
    const next = challenged(await answer(step, { choice: 'SMS_MFA' }));
    const code = cognito.fake.codeSentTo('+5511987654321');
    expect(proven(await answer(next, { code })).methods).toEqual(['pwd', 'sms', 'mfa']);
  });

  it('names the person in every answer, by the name that Cognito gave, with its hash', async () => {
    const { secret, person } = withAuthenticator();
    await answer(challenged(await cognito.signIn(EMAIL)), { code: cognito.fake.codeOf(secret) });
    const last = cognito.fake.calls.at(-1);
    expect(last).toMatchObject({
      call: 'RespondToAuthChallenge',
      body: { ChallengeResponses: { USERNAME: person.sub, SECRET_HASH: expect.any(String) } },
    });
  });

  it('says that it is unavailable when Cognito asks for what we cannot answer', async () => {
    const { person } = withAuthenticator();
    person.factors = ['EMAIL_OTP' as 'SMS_MFA'];
    await expect(cognito.signIn(EMAIL)).rejects.toMatchObject({ code: 'identity_provider_unavailable' });
  });
});
