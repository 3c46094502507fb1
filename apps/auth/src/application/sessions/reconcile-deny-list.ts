import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { DenialRepository } from '../../domain/denial.repository';
import { DenyList } from './deny-list';

/**
 * Puts back what the deny list must hold: after a start, after its store lost its memory, after a revocation that was
 * committed while the store was away.
 */
@Injectable()
export class ReconcileDenyList {
  private whole = false;

  constructor(
    private readonly denials: DenialRepository,
    private readonly denyList: DenyList,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    // Once in any case: this process may have crashed between a commit and its publication.
    if (this.whole && !(await this.denyList.isIncomplete())) return;
    // Whatever fails from here on is tried again: the list is asked once and does not remember.
    this.whole = false;
    const now = this.clock.now();
    await this.denials.purge(now);
    await this.denyList.publish(await this.denials.unexpired(now));
    this.whole = true;
  }
}
