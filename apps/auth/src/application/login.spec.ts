import { InMemoryUsers, JournallingHasher } from '../../test/in-memory-identity';
import { User } from '../domain/user';
import { Login } from './login';
import { OpenSession } from './open-session';

const now = new Date('2026-11-22T12:00:00.000Z');

function setUp() {
  const users = new InMemoryUsers();
  users.users.push(
    User.register({ email: 'dona@estrela.example', name: 'Dona', passwordHash: 'hashed a password', now }),
  );
  const hasher = new JournallingHasher();
  const execute = jest.fn().mockResolvedValue({ accessToken: 'a', refreshToken: 'r', expiresIn: 900 });
  const findByEmail = jest.spyOn(users, 'findByEmail');
  const login = new Login(users, hasher, { execute } as unknown as OpenSession);
  return { hasher, execute, findByEmail, login };
}
const input = (email: string, password: string) => ({ email, password, origin: {} });

describe('Login', () => {
  it.each([
    ['a known account', 'dona@estrela.example', true],
    ['an unknown account', 'ninguem@estrela.example', false],
    ['something that is no e-mail', 'dona', false],
  ])('does the same work for %s: one look-up, one verification', async (_name, email, known) => {
    const { login, hasher, findByEmail } = setUp();
    await expect(login.execute(input(email, 'wrong'))).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(findByEmail).toHaveBeenCalledTimes(1);
    expect(hasher.verified).toEqual([{ password: 'wrong', known }]);
  });

  it('opens a session in the tenant that was named, once the password is right', async () => {
    const { login, execute } = setUp();
    await login.execute({ ...input(' DONA@estrela.example', 'a password'), tenant: 'estrela' });
    expect(execute).toHaveBeenCalledWith(expect.objectContaining({ subdomain: 'estrela' }));
  });

  it('opens none for a wrong password', async () => {
    const { login, execute } = setUp();
    await expect(login.execute(input('dona@estrela.example', 'A password'))).rejects.toThrow();
    expect(execute).not.toHaveBeenCalled();
  });

  it('takes the password in any composition of its letters', async () => {
    const { login, hasher } = setUp();
    await expect(login.execute(input('x', 'c\u0327'))).rejects.toThrow();
    expect(hasher.verified[0]?.password).toBe('\u00e7');
  });
});
