import { Injectable } from '@nestjs/common';
import { ExpiringSet } from '@libs/redis';
import { DENY_LIST, denied, DenyListSnapshot } from '@libs/security';
import { DenyList } from '../../application/sessions/deny-list';
import { Denial } from '../../domain/denial.repository';

@Injectable()
export class ExpiringSetDenyList extends DenyList {
  private lacking = false;

  constructor(
    private readonly set: ExpiringSet,
    private readonly snapshot: DenyListSnapshot,
  ) {
    super();
  }

  async publish(denials: readonly Denial[]): Promise<void> {
    if (denials.length > 0) {
      const members = denials.map(({ subject, id, until }) => ({
        member: denied[subject](id),
        expiresAt: until,
      }));
      try {
        await this.set.addAll(DENY_LIST, members);
      } catch (error) {
        this.lacking = true;
        throw error;
      }
      // This process need not wait for the next look: its own answer says that the session has ended.
      await this.snapshot.refresh();
    }
  }

  async isIncomplete(): Promise<boolean> {
    const { revision } = await this.set.snapshot(DENY_LIST);
    const incomplete = this.lacking || revision === '';
    this.lacking = false;
    return incomplete;
  }
}
