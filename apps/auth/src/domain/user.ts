import { Fact, newId, TenantId, UserId } from '@libs/kernel';
import { displayName } from './display-name';
import { Role } from './role';

/** A person. Global: one e-mail is one user, whatever tenants the person belongs to. */
export class User {
  private constructor(
    readonly id: UserId,
    /** As `normaliseEmail` gives it. */
    readonly email: string,
    readonly name: string,
    readonly passwordHash: string,
    readonly createdAt: Date,
  ) {}

  /** @throws BlankName */
  static register(input: { email: string; name: string; passwordHash: string; now: Date }): User {
    return new User(
      newId<UserId>(),
      input.email,
      displayName(input.name, 'name'),
      input.passwordHash,
      input.now,
    );
  }

  static restore(state: Pick<User, 'id' | 'email' | 'name' | 'passwordHash' | 'createdAt'>): User {
    return new User(state.id, state.email, state.name, state.passwordHash, state.createdAt);
  }

  joined(tenantId: TenantId, role: Role, now: Date): Fact {
    return {
      type: 'auth.user-registered.v1',
      tenantId,
      occurredAt: now,
      payload: { userId: this.id, role },
    };
  }
}
