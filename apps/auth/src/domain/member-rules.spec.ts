import { keepsAnOwner, mayChange } from './member-rules';
import { isBelow, Role, scopesOf } from './role';
import { LastOwner, OwnerRequired } from './tenancy.errors';

const ROLES: Role[] = ['owner', 'admin', 'operator', 'viewer'];
const pairs = ROLES.flatMap((one) => ROLES.map((other) => [one, other] as const));

describe('who may change whom', () => {
  it.each(ROLES.filter((role) => role !== 'owner'))('%s touches no owner', (actor) => {
    for (const [current, next] of pairs) {
      const change = () => mayChange(actor, current, next);
      if (current === 'owner' || next === 'owner') expect(change).toThrow(OwnerRequired);
      else expect(change).not.toThrow();
    }
  });

  it('an owner changes everybody', () => {
    for (const [current, next] of pairs) expect(() => mayChange('owner', current, next)).not.toThrow();
  });

  it.each(pairs)('of %s to %s, one owner stays', (current, next) => {
    const loses = current === 'owner' && next !== 'owner';
    if (loses) expect(() => keepsAnOwner(1, current, next)).toThrow(LastOwner);
    else expect(() => keepsAnOwner(1, current, next)).not.toThrow();
    expect(() => keepsAnOwner(2, current, next)).not.toThrow();
  });

  it.each(pairs)('%s and %s: who is not below keeps every scope', (role, other) => {
    if (isBelow(role, other)) return;
    for (const scope of scopesOf(other)) expect(scopesOf(role)).toContain(scope);
  });
});
