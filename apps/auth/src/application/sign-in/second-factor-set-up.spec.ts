import { FixedClock } from '@libs/testing';
import { FakeOwnSecondFactor } from '../../../test/cognito-under-test';
import { InMemoryUsers } from '../../../test/in-memory-identity';
import { ChallengeEnded, WrongCode } from '../../domain/auth.errors';
import { User } from '../../domain/user';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { SecondFactorSetUp } from './second-factor-set-up';

const now = new FixedClock().now();
const email = 'dona@estrela.example';

function setUp() {
  const own = new FakeOwnSecondFactor();
  const users = new InMemoryUsers();
  const user = User.register({ email, name: 'Dona', passwordHash: 'hashed one password', now });
  users.users.push(user);
  const endAll = jest.fn().mockResolvedValue(undefined);
  const setting = new SecondFactorSetUp(own, users, { execute: endAll } as unknown as EndAllSessions);
  return { own, users, user, endAll, setting };
}

describe('an authenticator set up at a sign-in', () => {
  it('is shown and kept nowhere before a code of it was right', () => {
    const { setting, user, own } = setUp();
    const asked = setting.begin(user, ['pwd']);
    expect(asked).toMatchObject({
      challenge: 'MFA_SETUP',
      userId: user.id,
      details: { secret: 'A SECRET OF OURS', account: email },
    });
    expect(asked.continuation).not.toContain('hashed');
    expect(own.begin).not.toHaveBeenCalled();
  });

  it('ends every session that lacks it, and proves the person with both factors', async () => {
    const { setting, user, own, endAll } = setUp();
    const { continuation } = setting.begin(user, ['fed']);
    expect(await setting.answer(continuation, { code: '492039' }, 'this one')).toEqual({
      state: 'proven',
      user,
      methods: ['fed', 'otp', 'mfa'],
      recoveryCodes: ['a recovery code'],
    });
    expect(own.enrol).toHaveBeenCalledWith(
      expect.objectContaining({ id: user.id }),
      'A SECRET OF OURS',
      '492039',
    );
    expect(endAll).toHaveBeenCalledWith(
      expect.objectContaining({ except: 'this one', because: 'totp.enrolled' }),
    );
  });

  it('enrols nothing for who proved a password that was changed meanwhile', async () => {
    const { setting, user, users, own } = setUp();
    const { continuation } = setting.begin(user, ['pwd']);
    users.users[0] = User.restore({ ...user, passwordHash: 'hashed another' });
    await expect(setting.answer(continuation, { code: '492039' })).rejects.toThrow(ChallengeEnded);
    users.users.length = 0;
    await expect(setting.answer(continuation, { code: '492039' })).rejects.toThrow(ChallengeEnded);
    expect(own.enrol).not.toHaveBeenCalled();
  });

  it('ends no session over a wrong code', async () => {
    const { setting, user, own, endAll } = setUp();
    own.enrol.mockRejectedValue(new WrongCode());
    const { continuation } = setting.begin(user, ['pwd']);
    await expect(setting.answer(continuation, {})).rejects.toThrow(WrongCode);
    expect(endAll).not.toHaveBeenCalled();
  });
});
