import { TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { AuditLog, AuditRecord } from '../src/application/audit/audit-log';
import { DenyList } from '../src/application/sessions/deny-list';
import { PasswordHasher } from '../src/application/sign-in/password-hasher';
import { Denial, DenialRepository } from '../src/domain/denial.repository';
import { Membership } from '../src/domain/membership';
import { MembershipRepository } from '../src/domain/membership.repository';
import { Role } from '../src/domain/role';
import { User } from '../src/domain/user';
import { UserRepository } from '../src/domain/user.repository';

/** Runs the work; what matters to a use case is what happened inside and what after. */
export class InMemoryTransaction extends TenantTransaction {
  constructor(private readonly journal: string[] = []) {
    super();
  }
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.runFor([], work);
  }
  async runFor<T>(_tenants: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    const result = await work();
    this.journal.push('commit');
    return result;
  }
}

export class InMemoryUsers extends UserRepository {
  readonly users: User[] = [];
  async add(user: User): Promise<void> {
    this.users.push(user);
  }
  async findByEmail(email: string): Promise<User | undefined> {
    return this.users.find((user) => user.email === email);
  }
  async find(id: UserId): Promise<User | undefined> {
    return this.users.find((user) => user.id === id);
  }
  async changePassword(
    user: Pick<User, 'id' | 'passwordHash'>,
    passwordHash: string,
    credentialsChangedAt: Date,
  ): Promise<boolean> {
    const found = await this.find(user.id);
    if (!found || found.passwordHash !== user.passwordHash) return false;
    this.users[this.users.indexOf(found)] = User.restore({ ...found, passwordHash, credentialsChangedAt });
    return true;
  }
  async rehash(user: Pick<User, 'id' | 'passwordHash'>, passwordHash: string): Promise<boolean> {
    const found = await this.find(user.id);
    if (!found || found.passwordHash !== user.passwordHash) return false;
    this.users[this.users.indexOf(found)] = User.restore({ ...found, passwordHash });
    return true;
  }
  async noteCredentialsChanged(id: UserId, credentialsChangedAt: Date): Promise<void> {
    const found = await this.find(id);
    if (found) this.users[this.users.indexOf(found)] = User.restore({ ...found, credentialsChangedAt });
  }
  async holdCredentials(id: UserId): Promise<Date | undefined> {
    return (await this.find(id))?.credentialsChangedAt;
  }
  async takeOver(
    user: Pick<User, 'id' | 'passwordHash'>,
    passwordHash: string,
    now: Date,
  ): Promise<'settled' | 'cleared' | undefined> {
    if (!(await this.changePassword(user, passwordHash, now))) return undefined;
    if ((await this.find(user.id))?.settledAt) return 'settled';
    await this.settle(user.id, now);
    return 'cleared';
  }
  async confirm(id: UserId, now: Date): Promise<void> {
    const found = await this.find(id);
    if (found) this.users[this.users.indexOf(found)] = User.restore({ ...found, confirmedAt: now });
  }
  async settle(id: UserId, now: Date): Promise<void> {
    const found = await this.find(id);
    if (found)
      this.users[this.users.indexOf(found)] = User.restore({ ...found, confirmedAt: now, settledAt: now });
  }
}

export class InMemoryMemberships extends MembershipRepository {
  readonly memberships: Membership[] = [];
  async add(): Promise<void> {
    throw new Error('put it into memberships');
  }
  async find(userId: UserId): Promise<Membership | undefined> {
    return this.memberships.find((each) => each.userId === userId);
  }
  async ofPerson(userId: UserId): Promise<Membership[]> {
    return this.memberships.filter((each) => each.userId === userId);
  }
  async lockRoles(userIds: readonly UserId[]): Promise<{ roles: ReadonlyMap<UserId, Role>; owners: number }> {
    const asked = this.memberships.filter((each) => userIds.includes(each.userId));
    return {
      roles: new Map(asked.map((each) => [each.userId, each.role])),
      owners: this.memberships.filter(({ role }) => role === 'owner').length,
    };
  }
  async holdRole(userId: UserId): Promise<Role | undefined> {
    return this.memberships.find((each) => each.userId === userId)?.role;
  }
  async changeRole(userId: UserId, role: Role): Promise<void> {
    for (const each of this.memberships) if (each.userId === userId) each.role = role;
  }
  async remove(userId: UserId): Promise<void> {
    this.memberships.splice(
      this.memberships.findIndex((each) => each.userId === userId),
      1,
    );
  }
}

/** Hashes by a prefix and remembers what it was asked. */
export class JournallingHasher extends PasswordHasher {
  readonly verified: { password: string; known: boolean }[] = [];
  async hash(password: string): Promise<string> {
    return `hashed ${password}`;
  }
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    this.verified.push({ password, known: hash !== undefined });
    return hash === `hashed ${password}`;
  }
  isOutdated(): boolean {
    return false;
  }
}

/** Keeps what was recorded, in order. */
export class InMemoryAudit extends AuditLog {
  readonly records: AuditRecord[] = [];
  async record(record: AuditRecord): Promise<void> {
    this.records.push(record);
  }
  get actions(): string[] {
    return this.records.map(({ action }) => action);
  }
}

export class InMemoryDenials extends DenialRepository {
  denials: Denial[] = [];
  pending: Denial[] = [];
  async add(denials: readonly Denial[]): Promise<void> {
    this.denials.push(...denials);
  }
  async addUnpublished(denials: readonly Denial[]): Promise<void> {
    this.pending.push(...denials);
  }
  async unpublished(): Promise<Denial[]> {
    return [...this.pending];
  }
  async markPublished(denials: readonly Denial[]): Promise<void> {
    this.pending = this.pending.filter((each) => !denials.includes(each));
  }
  async unexpired(now: Date): Promise<Denial[]> {
    return this.denials.filter(({ until }) => until > now);
  }
  async purge(now: Date): Promise<void> {
    this.denials = await this.unexpired(now);
  }
}

export class FakeDenyList extends DenyList {
  readonly published: string[] = [];
  away = false;
  incomplete = false;
  constructor(private readonly journal: string[] = []) {
    super();
  }
  async publish(denials: readonly Denial[]): Promise<void> {
    this.journal.push('publish');
    if (this.away) throw new Error('away');
    this.published.push(...denials.map(({ id }) => id));
  }
  async isIncomplete(): Promise<boolean> {
    return this.incomplete;
  }
}
