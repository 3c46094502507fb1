import { randomUUID } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { ExpiringMember, ExpiringSet, SetSnapshot } from '../expiring-set';
import { LocalMembers } from './local-members';

export class InProcessExpiringSet extends ExpiringSet {
  private readonly sets = new Map<string, { revision: string; members: LocalMembers }>();

  constructor(private readonly clock: Clock) {
    super();
  }

  async addAll(key: string, members: readonly ExpiringMember[]): Promise<void> {
    if (members.length === 0) return;
    const set = this.sets.get(key) ?? { revision: '', members: new LocalMembers() };
    this.sets.set(key, set);
    for (const { member, expiresAt } of members) set.members.add(member, expiresAt.getTime());
    set.revision = randomUUID();
    // Drops what expired, so that a set nobody reads does not grow.
    set.members.current(this.clock.now().getTime());
  }

  async snapshot(key: string): Promise<SetSnapshot> {
    const set = this.sets.get(key);
    if (!set) return { members: new Set(), revision: '' };
    return { members: set.members.current(this.clock.now().getTime()), revision: set.revision };
  }
}
