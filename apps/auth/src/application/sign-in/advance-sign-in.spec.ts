import { newId, TenantId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { InMemoryMemberships } from '../../../test/in-memory-identity';
import { ChallengeEnded, IdentityProviderUnavailable, WrongCode } from '../../domain/auth.errors';
import { SecondFactorRequired } from '../../domain/second-factor.errors';
import { User } from '../../domain/user';
import { AdvanceSignIn } from './advance-sign-in';
import { AnswerChallenge } from './answer-challenge';
import { ChallengeStore, PendingChallenge } from './challenge-store';
import { FreshenSession } from '../sessions/freshen-session';
import { IdentityProvider } from './identity-provider';
import { OpenSession } from '../sessions/open-session';
import { SecondFactorGate } from './second-factor-gate';
import { SecondFactorSetUp } from './second-factor-set-up';

const clock = new FixedClock();
const user = User.register({ email: 'dona@estrela.example', name: 'Dona', now: clock.now() });
const tenantId = newId<TenantId>();
const origin = {};

class InMemoryChallenges extends ChallengeStore {
  readonly kept = new Map<string, PendingChallenge>();
  async keep(pending: PendingChallenge): Promise<string> {
    const id = `challenge ${this.kept.size}`;
    this.kept.set(id, pending);
    return id;
  }
  async take(id: string): Promise<PendingChallenge | undefined> {
    const pending = this.kept.get(id);
    this.kept.delete(id);
    return pending;
  }
  async putBack(id: string, pending: PendingChallenge): Promise<void> {
    this.kept.set(id, pending);
  }
}

function setUp() {
  const challenges = new InMemoryChallenges();
  const memberships = new InMemoryMemberships();
  memberships.memberships.push({
    tenantId,
    userId: user.id,
    role: 'owner',
    email: user.email,
    subdomain: 'estrela',
    tenantName: 'Padaria Estrela',
    tenantStatus: 'active',
    requiresSecondFactor: false,
  });
  const open = jest.fn().mockResolvedValue({ accessToken: 'opened', refreshToken: 'r', expiresIn: 900 });
  const freshen = jest.fn().mockResolvedValue({ accessToken: 'fresh', expiresIn: 900 });
  const byProvider = jest.fn();
  const byGate = jest.fn();
  const bySetUp = jest.fn();
  const begin = jest.fn().mockReturnValue({ ...asked, challenge: 'MFA_SETUP', continuation: 'set up' });
  const keepsSecondFactorOf = jest.fn().mockResolvedValue(false);
  const advance = new AdvanceSignIn(
    challenges,
    memberships,
    { execute: open } as unknown as OpenSession,
    { execute: freshen } as unknown as FreshenSession,
    { answer: byProvider, keepsSecondFactorOf } as unknown as IdentityProvider,
    { begin } as unknown as SecondFactorSetUp,
    clock,
  );
  const answers = new AnswerChallenge(
    challenges,
    { answer: byProvider } as unknown as IdentityProvider,
    { answer: byGate } as unknown as SecondFactorGate,
    { answer: bySetUp } as unknown as SecondFactorSetUp,
    advance,
    clock,
  );
  const by = { byProvider, byGate, bySetUp };
  return { challenges, memberships, open, freshen, advance, ...by, answers, begin, keepsSecondFactorOf };
}

const asked = { state: 'challenged', challenge: 'SMS_MFA', continuation: 'c' } as const;
const proven = { state: 'proven', user, methods: ['pwd', 'sms', 'mfa'] } as const;
const signIn = { answerer: 'provider', purpose: { kind: 'sign_in' }, origin } as const;

describe('a sign-in in steps', () => {
  it('opens a session for who is proven, and freshens one where that was the purpose', async () => {
    const { advance, open, freshen } = setUp();
    expect(await advance.execute({ step: { ...proven, grant: 'g' }, ...signIn })).toMatchObject({
      tokens: { accessToken: 'opened' },
    });
    expect(open).toHaveBeenCalledWith(expect.objectContaining({ user, grant: 'g', methods: proven.methods }));
    const session = { tenantId, userId: user.id, sessionId: newId() };
    const purpose = { kind: 'step_up', session } as const;
    expect(await advance.execute({ step: proven, ...signIn, purpose })).toMatchObject({
      tokens: { accessToken: 'fresh' },
    });
    expect(freshen).toHaveBeenCalledWith(expect.objectContaining({ session }));
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('says which tenant is missing before it asks for a code, which is good once', async () => {
    const { advance, memberships, challenges } = setUp();
    const [first] = memberships.memberships;
    memberships.memberships.push({ ...first!, tenantId: newId<TenantId>(), subdomain: 'filial' });
    const step = { ...asked, userId: user.id };
    await expect(advance.execute({ step, ...signIn })).rejects.toMatchObject({ code: 'tenant_required' });
    expect(challenges.kept.size).toBe(0);
    const purpose = { kind: 'sign_in', subdomain: 'filial' } as const;
    expect(await advance.execute({ step, ...signIn, purpose })).toMatchObject({ expiresIn: 300 });
  });

  it('is finished by nobody but who began it', async () => {
    const { advance, answers, byProvider, open } = setUp();
    const step = { ...asked, userId: user.id };
    const outcome = await advance.execute({ step, ...signIn });
    const other = User.register({ email: 'outra@estrela.example', name: 'Outra', now: clock.now() });
    byProvider.mockResolvedValue({ ...proven, user: other });
    const challengeId = 'challengeId' in outcome ? outcome.challengeId : '';
    await expect(answers.execute({ challengeId, answer: {}, origin })).rejects.toThrow(ChallengeEnded);
    expect(open).not.toHaveBeenCalled();
  });

  it('brings the answer to who asked, and goes on to the next question for the same purpose', async () => {
    const { advance, answers, byProvider, byGate, challenges } = setUp();
    const purpose = { kind: 'sign_in', subdomain: 'estrela' } as const;
    await advance.execute({ step: asked, ...signIn, purpose });
    byProvider.mockResolvedValue({ ...asked, challenge: 'MFA_SETUP', continuation: 'd' });
    const [challengeId = ''] = challenges.kept.keys();
    const answer = { choice: 'MFA_SETUP' } as const;
    const next = await answers.execute({ challengeId, answer, origin });
    expect(byProvider).toHaveBeenCalledWith({ challenge: 'SMS_MFA', continuation: 'c', answer });
    expect(next).toMatchObject({ challenge: 'MFA_SETUP' });
    expect([...challenges.kept.values()]).toMatchObject([{ purpose, continuation: 'd', triesLeft: 5 }]);
    expect(byGate).not.toHaveBeenCalled();

    await advance.execute({ step: asked, ...signIn, answerer: 'totp' });
    byGate.mockResolvedValue(proven);
    const [, ours = ''] = challenges.kept.keys();
    await answers.execute({ challengeId: ours, answer: { code: '1' }, origin });
    expect(byGate).toHaveBeenCalledWith('c', { code: '1' });
  });

  it.each([
    ['a wrong code', new WrongCode()],
    ['a provider that is away', new IdentityProviderUnavailable()],
  ])('takes four more answers after %s, and then none', async (_name, failure) => {
    const { advance, answers, byProvider, challenges } = setUp();
    await advance.execute({ step: asked, ...signIn });
    const [challengeId = ''] = challenges.kept.keys();
    const attempt = () => answers.execute({ challengeId, answer: { code: '1' }, origin });
    byProvider.mockRejectedValue(failure);
    for (let i = 0; i < 4; i++) await expect(attempt()).rejects.toThrow(failure);
    await expect(attempt()).rejects.toThrow(ChallengeEnded);
    byProvider.mockResolvedValue(proven);
    await expect(attempt()).rejects.toThrow(ChallengeEnded);
    expect(byProvider).toHaveBeenCalledTimes(5);
  });

  it('has a person enrol an authenticator where the tenant asks for one, and shows the recovery codes', async () => {
    const { advance, answers, open, begin, bySetUp, byProvider, challenges } = setUp();
    open.mockRejectedValueOnce(new SecondFactorRequired('forbidden'));
    const step = { state: 'proven', user, methods: ['fed'] } as const;
    expect(await advance.execute({ step, ...signIn })).toMatchObject({ challenge: 'MFA_SETUP' });
    expect(begin).toHaveBeenCalledWith(user, ['fed']);
    const [challengeId = ''] = challenges.kept.keys();
    bySetUp.mockResolvedValue({ ...step, methods: ['fed', 'otp', 'mfa'], recoveryCodes: ['one'] });
    expect(await answers.execute({ challengeId, answer: { code: '1' }, origin })).toMatchObject({
      tokens: { accessToken: 'opened' },
      recoveryCodes: ['one'],
    });
    expect(bySetUp).toHaveBeenCalledWith('set up', { code: '1' }, undefined);
    expect(byProvider).not.toHaveBeenCalled();
  });

  it('leaves the session of a step-up as it is while an authenticator is enrolled in it', async () => {
    const { advance, answers, freshen, bySetUp, challenges } = setUp();
    freshen.mockRejectedValueOnce(new SecondFactorRequired('forbidden'));
    const session = { tenantId, userId: user.id, sessionId: newId() };
    const purpose = { kind: 'step_up', session } as const;
    await advance.execute({ step: proven, ...signIn, purpose });
    const [challengeId = ''] = challenges.kept.keys();
    bySetUp.mockResolvedValue(proven);
    await answers.execute({ challengeId, answer: { code: '1' }, origin });
    expect(bySetUp).toHaveBeenCalledWith('set up', { code: '1' }, session.sessionId);
  });

  it('turns away whose second factor is kept elsewhere and was not proven there', async () => {
    const { advance, open, begin, keepsSecondFactorOf } = setUp();
    open.mockRejectedValue(new SecondFactorRequired('forbidden'));
    keepsSecondFactorOf.mockResolvedValue(true);
    await expect(advance.execute({ step: proven, ...signIn })).rejects.toMatchObject({
      code: 'second_factor_required',
    });
    expect(begin).not.toHaveBeenCalled();
  });
});
