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
    /** Absent for a person whom another provider proves. */
    readonly passwordHash: string | undefined,
    readonly createdAt: Date,
    /** When the person proved to receive mail at this address; absent until then. */
    readonly confirmedAt?: Date,
    /** When the password or the second factor last changed; absent until then. */
    readonly credentialsChangedAt?: Date,
    /**
     * When mailbox and password were shown to be in one hand; absent until then: what was enrolled may be a stranger's,
     * who registered another's e-mail.
     */
    readonly settledAt?: Date,
  ) {}

  /** @throws BlankName */
  static register(input: { email: string; name: string; passwordHash?: string; now: Date }): User {
    return new User(
      newId<UserId>(),
      input.email,
      displayName(input.name, 'name'),
      input.passwordHash,
      input.now,
    );
  }

  static restore(
    state: Pick<
      User,
      | 'id'
      | 'email'
      | 'name'
      | 'passwordHash'
      | 'createdAt'
      | 'confirmedAt'
      | 'credentialsChangedAt'
      | 'settledAt'
    >,
  ): User {
    const { id, email, name, passwordHash, createdAt, confirmedAt, credentialsChangedAt, settledAt } = state;
    return new User(id, email, name, passwordHash, createdAt, confirmedAt, credentialsChangedAt, settledAt);
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
