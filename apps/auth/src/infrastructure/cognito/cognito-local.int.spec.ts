import { Secret, TOTP } from 'otpauth';
import { newId, SystemClock, TenantId } from '@libs/kernel';
import { CognitoLocal, startCognitoLocal } from '@libs/testing';
import { cognitoAdapter, COGNITO_PASSWORD as PASSWORD, proven } from '../../../test/cognito-under-test';
import { User } from '../../domain/user';

// The shapes of our requests and of its answers, on an emulator that others wrote. What it is lax or wrong in
// (Session, refresh, sign-out, secrets) our own fake is strict in.
let emulator: CognitoLocal;
let cognito: ReturnType<typeof cognitoAdapter>;

beforeAll(async () => {
  emulator = await startCognitoLocal();
  cognito = cognitoAdapter({ region: 'local', ...emulator }, new SystemClock());
});
afterAll(async () => {
  cognito?.provider.onApplicationShutdown();
  await emulator?.stop();
});

async function person(email: string): Promise<User> {
  const user = User.register({ email, name: 'Dona da Padaria', now: new Date() });
  cognito.users.users.push(user);
  await cognito.provider.signUp({ email, password: PASSWORD, name: user.name });
  await cognito.provider.confirmSignUp({ email, code: emulator.code });
  return user;
}

async function session(user: User, password = PASSWORD) {
  const { grant = '' } = proven(await cognito.provider.signIn({ email: user.email, password }));
  const acting = { tenantId: newId<TenantId>(), userId: user.id, sessionId: newId() };
  await cognito.grants.keep(acting, grant);
  return acting;
}

describe('the adapter on cognito-local', () => {
  it('signs up, confirms and signs in, and reads its tokens', async () => {
    const user = await person('dona@estrela.example');
    const step = await cognito.provider.signIn({ email: user.email, password: PASSWORD });
    expect(proven(step)).toMatchObject({ user: { id: user.id }, methods: ['pwd'] });
    expect(cognito.identities.links).toMatchObject([
      { issuer: `${emulator.endpoint}/${emulator.userPoolId}`, userId: user.id },
    ]);
  });

  it('understands its refusals', async () => {
    const user = await person('dona@lua.example');
    const { provider } = cognito;
    await expect(provider.signIn({ email: user.email, password: 'Wrong 1 password' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    await expect(provider.confirmSignUp({ email: user.email, code: '000000' })).rejects.toMatchObject({
      code: 'confirmation_failed',
    });
    await expect(provider.signUp({ email: user.email, password: PASSWORD, name: 'n' })).rejects.toMatchObject(
      { code: 'email_taken' },
    );
  });

  it('enrols an authenticator and answers SOFTWARE_TOKEN_MFA with its code', async () => {
    const user = await person('dona@sol.example');
    const acting = await session(user);
    const { secret } = await cognito.provider.beginTotp(acting);
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    await cognito.provider.verifyTotp(acting, totp.generate());
    await expect(cognito.provider.secondFactors(user.id, acting)).resolves.toEqual(['totp']);
    const step = await cognito.provider.signIn({ email: user.email, password: PASSWORD });
    if (step.state !== 'challenged') throw new Error('proven at once');
    expect(step.challenge).toBe('SOFTWARE_TOKEN_MFA');
    const answered = await cognito.provider.answer({ ...step, answer: { code: totp.generate() } });
    expect(proven(answered)).toMatchObject({ user: { id: user.id }, methods: ['pwd', 'otp', 'mfa'] });
  });

  it('changes a password, and replaces a forgotten one', async () => {
    const user = await person('dona@mar.example');
    const acting = await session(user);
    await cognito.provider.changePassword(acting, { current: PASSWORD, next: 'Outra Senha 99' });
    await session(user, 'Outra Senha 99');
    await cognito.provider.forgotPassword(user.email);
    const reset = { email: user.email, code: emulator.code, password: 'Terceira Senha 3' };
    await expect(cognito.provider.resetPassword(reset)).resolves.toMatchObject({ id: user.id });
    await session(user, 'Terceira Senha 3');
  });
});
