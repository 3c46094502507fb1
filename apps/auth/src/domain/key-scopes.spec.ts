import fc from 'fast-check';
import { KEY_SCOPES as VERIFIED } from '@libs/security';
import { grantScopes, KEY_SCOPES } from './key-scopes';
import { Role, scopesOf } from './role';

const owner = scopesOf('owner');

describe('the scopes of API keys', () => {
  it('are those that the verifying side knows', () => {
    expect([...KEY_SCOPES].sort()).toEqual([...VERIFIED].sort());
  });

  it('never include what administers a tenant or makes more keys', () => {
    for (const scope of [
      'keys:write',
      'keys:read',
      'members:write',
      'tenant:write',
      'apps:write',
      'audit:read',
    ])
      expect(() => grantScopes([scope], owner)).toThrow(expect.objectContaining({ code: 'unknown_scope' }));
  });

  it('are each given once, whatever their order', () => {
    expect(grantScopes(['releases:read', 'events:write', 'releases:read'], owner)).toEqual([
      'events:write',
      'releases:read',
    ]);
  });

  it.each([[[]], [['releases:delete']], [['releases:read', '']], [['Releases:Read']], [['constructor']]])(
    'refuses %j',
    (asked) => {
      expect(() => grantScopes(asked, owner)).toThrow(expect.objectContaining({ code: 'unknown_scope' }));
    },
  );

  it('stay within what the granter has; the PIX API counts as PIX', () => {
    const roles = fc.constantFrom<Role>('owner', 'admin', 'operator', 'viewer');
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...KEY_SCOPES), { minLength: 1 }), roles, (asked, role) => {
        const own = scopesOf(role);
        const covered = asked.every(
          (scope) =>
            own.includes(scope) ||
            (scope.includes('.') && own.includes(scope.endsWith('.read') ? 'pix:read' : 'pix:write')),
        );
        if (covered) expect(grantScopes(asked, own).sort()).toEqual([...asked].sort());
        else
          expect(() => grantScopes(asked, own)).toThrow(expect.objectContaining({ code: 'scope_not_yours' }));
      }),
    );
  });
});
