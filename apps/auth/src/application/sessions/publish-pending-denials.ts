import { Injectable } from '@nestjs/common';
import { DenialRepository } from '../../domain/denial.repository';
import { DenyList } from './deny-list';

/**
 * Publishes what a command left in the database: it may run where the deny list cannot be reached, beside a process
 * that keeps it in its own memory.
 */
@Injectable()
export class PublishPendingDenials {
  constructor(
    private readonly denials: DenialRepository,
    private readonly denyList: DenyList,
  ) {}

  async execute(): Promise<void> {
    const pending = await this.denials.unpublished();
    if (pending.length === 0) return;
    // Published first: twice is harmless, never is not.
    await this.denyList.publish(pending);
    await this.denials.markPublished(pending);
  }
}
