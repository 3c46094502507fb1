import { InMemoryUsers, JournallingHasher } from '../../../test/in-memory-identity';
import { OwnSecondFactor } from '../../application/sign-in/own-second-factor';
import { SecondFactorGate } from '../../application/sign-in/second-factor-gate';
import { User } from '../../domain/user';
import { LocalIdentityProvider, LocalIdentitySettings } from './local-identity-provider';
import { LocalPasswords } from './local-passwords';

const now = new Date('2026-11-22T12:00:00.000Z');
const email = 'dona@estrela.example';

function setUp(confirmation: LocalIdentitySettings['confirmation'] = 'optional') {
  const users = new InMemoryUsers();
  users.users.push(User.register({ email, name: 'Dona', passwordHash: 'hashed a password', now }));
  const hasher = new JournallingHasher();
  const findByEmail = jest.spyOn(users, 'findByEmail');
  const require = jest.fn(async (user: User, methods: string[]) => ({ state: 'proven', user, methods }));
  const sendConfirmation = jest.fn();
  const provider = new LocalIdentityProvider(
    users,
    hasher,
    { require } as unknown as SecondFactorGate,
    { sendConfirmation } as unknown as LocalPasswords,
    {} as OwnSecondFactor,
    { confirmation },
  );
  return { users, hasher, findByEmail, require, sendConfirmation, provider };
}

describe('signing in with a password of ours', () => {
  it.each([
    ['a known account', email, true],
    ['an unknown account', 'ninguem@estrela.example', false],
    ['something that is no e-mail', 'dona', false],
  ])('does the same work for %s: one look-up, one verification', async (_name, address, known) => {
    const { provider, hasher, findByEmail, require } = setUp();
    await expect(provider.signIn({ email: address, password: 'wrong' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    expect(findByEmail).toHaveBeenCalledTimes(1);
    expect(hasher.verified).toEqual([{ password: 'wrong', known }]);
    expect(require).not.toHaveBeenCalled();
  });

  it('leaves the rest to the second factor once the password is right', async () => {
    const { provider, require } = setUp();
    await provider.signIn({ email: ' DONA@estrela.example', password: 'a password' });
    expect(require).toHaveBeenCalledWith(expect.objectContaining({ email }), ['pwd']);
  });

  it('takes the password in any composition of its letters', async () => {
    const { provider, hasher } = setUp();
    await expect(provider.signIn({ email: 'x', password: 'c\u0327' })).rejects.toThrow();
    expect(hasher.verified[0]?.password).toBe('\u00e7');
  });

  it('asks for a confirmed e-mail where that is required, and only after the right password', async () => {
    const { provider, users } = setUp('required');
    await expect(provider.signIn({ email, password: 'wrong' })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    await expect(provider.signIn({ email, password: 'a password' })).rejects.toMatchObject({
      code: 'email_not_confirmed',
    });
    await users.confirm(users.users[0]!.id, now);
    await expect(provider.signIn({ email, password: 'a password' })).resolves.toMatchObject({
      state: 'proven',
    });
  });
});

describe('signing up', () => {
  const person = { email, password: 'a password' };

  it('hashes once, before the transaction where it was asked to', async () => {
    const { provider, hasher } = setUp();
    const hash = jest.spyOn(hasher, 'hash');
    const prepared = await provider.prepareSignUp('a password');
    expect(await provider.signUp({ ...person, prepared })).toEqual({
      passwordHash: 'hashed a password',
      confirmed: true,
    });
    expect(hash).toHaveBeenCalledTimes(1);
    expect(await provider.signUp(person)).toMatchObject({ passwordHash: 'hashed a password' });
  });

  it('sends a code where the e-mail must be confirmed, unless it is proven already', async () => {
    const { provider, sendConfirmation } = setUp('required');
    expect(await provider.signUp({ ...person, emailProven: true })).toMatchObject({ confirmed: true });
    expect(sendConfirmation).not.toHaveBeenCalled();
    expect(await provider.signUp(person)).toMatchObject({ confirmed: false });
    expect(sendConfirmation).toHaveBeenCalledWith(email);
  });
});
