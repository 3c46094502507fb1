import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ReleasePostedV1, topics } from '@libs/contracts';
import { isDataFault } from '@libs/database';
import { failpoint } from '@libs/kernel';
import { Batch, bisect } from '@libs/messaging';
import { AnswerCache } from '../../application/answer.cache';
import { ConsolidateReleases } from '../../application/consolidate-releases';
import { Entry } from '../../domain/entry';
import { partByBelief } from './claims';
import { Poison } from './poison';

/** When a release is posted, its day is consolidated. Group `consolidated`. */
@Controller()
export class ConsolidateOnReleasePosted {
  constructor(
    private readonly consolidate: ConsolidateReleases,
    private readonly cache: AnswerCache,
    private readonly poison: Poison,
  ) {}

  /** Resolving acknowledges the batch; a cache that is away rejects it, and it comes again as mere repeats. */
  @EventPattern(topics.releasesPosted)
  async handle(@Payload() batch: Batch<ReleasePostedV1>): Promise<void> {
    failpoint('consumer.before-consume');
    const { believed, poisoned } = partByBelief(batch, ({ envelope }) =>
      Entry.of({ ...envelope.payload, tenantId: envelope.tenantId }),
    );
    const indigestible = await bisect(
      believed,
      (part) => this.consolidate.execute(part.map(({ subject }) => subject)),
      isDataFault,
    );
    await this.poison.setAside(batch.source, [
      ...poisoned,
      ...indigestible.map(({ row, error }) => ({ row: row.message, error })),
    ]);
    // Tenants of repeats, too: the delivery that recorded them may have died before it got here.
    await this.cache.renew([...new Set(believed.map(({ subject }) => subject.tenantId))]);
    failpoint('consumer.after-consume');
  }
}
