import {
  tenantChangedV1Example,
  sessionRevokedV1Example,
  topics,
  userRegisteredV1Example,
} from '@libs/contracts';
import { newId, TenantId, UserId } from '@libs/kernel';
import { sessionRevoked } from './session';
import { Tenant } from './tenant';
import { User } from './user';

const now = new Date('2026-11-22T12:00:00.000Z');
const tenant = Tenant.found({ name: 'Padaria Estrela', subdomain: 'estrela', now });

describe("auth's facts", () => {
  it.each([
    [topics.tenantChanged, tenant.changed(now), tenantChangedV1Example],
    [
      topics.userRegistered,
      User.register({ email: 'a@b.example', name: 'Dona', passwordHash: 'x', now }).joined(
        tenant.id,
        'owner',
        now,
      ),
      userRegisteredV1Example,
    ],
    [
      topics.sessionRevoked,
      sessionRevoked({ id: newId(), tenantId: newId<TenantId>(), userId: newId<UserId>() }, 'logout', now),
      sessionRevokedV1Example,
    ],
  ])('%s has the shape of its contract', (topic, fact, example) => {
    expect(fact.type).toBe(topic);
    expect(Object.keys(fact.payload).sort()).toEqual(Object.keys(example).sort());
    for (const [field, value] of Object.entries(example))
      expect(typeof (fact.payload as Record<string, unknown>)[field]).toBe(typeof value);
  });

  it('carry no password, e-mail or name of a person', () => {
    const user = User.register({ email: 'a@b.example', name: 'Dona', passwordHash: 'hash', now });
    expect(JSON.stringify(user.joined(tenant.id, 'owner', now))).not.toMatch(/b\.example|Dona|hash/);
  });
});
