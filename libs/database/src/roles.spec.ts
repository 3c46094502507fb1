import { rolePassword, roleUrl } from './roles';
import { defineSchema } from './schema';

describe('roles', () => {
  it("derives each role's password from the one secret", () => {
    expect(rolePassword('releases_api', 'secret')).toMatch(/^[\w-]{43}$/);
    expect(rolePassword('releases_api', 'secret')).not.toBe(rolePassword('releases_worker', 'secret'));
    expect(rolePassword('releases_api', 'secret')).not.toBe(rolePassword('releases_api', 'other secret'));
  });

  it("turns the administrator's URL into a role's", () => {
    const url = roleUrl('postgres://admin:p%40ss@db.local:5433/moneyflow?sslmode=require', 'auth_api', 's');
    expect(url).toBe(
      `postgres://auth_api:${rolePassword('auth_api', 's')}@db.local:5433/moneyflow?sslmode=require`,
    );
  });

  it('takes only plain identifiers into SQL', () => {
    expect(() => defineSchema({ name: 'x; drop', migrations: [], roles: [] })).toThrow(/identifier/);
    expect(() => defineSchema({ name: 'x', migrations: [], roles: ['a"b'] })).toThrow(/identifier/);
  });
});
