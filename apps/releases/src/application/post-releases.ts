import { Injectable } from '@nestjs/common';
import { Clock, DEFAULT_TIME_ZONE, Outbox, TenantId, TenantTransaction, failpoint } from '@libs/kernel';
import { PostedRelease, Release } from '../domain/release';
import { Addition, ReleaseRepository } from '../domain/release.repository';
import { postedFact } from './release-facts';
import { TenantCopies } from './tenant-copies';

export interface PostingOutcome {
  posted: number;
  /** Had been posted before, or came twice in this batch, with the same input. */
  duplicates: number;
  /** Their id belongs to a release with another input: the first one stands. */
  reused: Release[];
}

/** Posts a batch of accepted releases, of any tenants, with their facts: all of it commits, or none. */
@Injectable()
export class PostReleases {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantCopies,
    private readonly releases: ReleaseRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Indifferent to order and to replays. @throws a data fault when a release cannot be stored (then none was), or
   * the database's transient error
   */
  async execute(batch: readonly Release[]): Promise<PostingOutcome> {
    const { firsts, reused } = withoutRepeats(batch);
    const tenantIds = [...new Set(firsts.map((release) => release.tenantId))];
    const { added, known } = await this.transaction.runFor(tenantIds, () => this.post(firsts, tenantIds));
    failpoint('worker.after-commit');
    for (const { release, inputHash } of known)
      if (!release.isSameInputAs({ inputHash })) reused.push(release);
    return { posted: added.length, duplicates: batch.length - added.length - reused.length, reused };
  }

  private async post(releases: readonly Release[], tenantIds: readonly TenantId[]): Promise<Addition> {
    const zones = await this.tenants.timeZonesOf(tenantIds);
    const posted: PostedRelease[] = releases.map((release) =>
      release.post(zones.get(release.tenantId) ?? DEFAULT_TIME_ZONE),
    );
    failpoint('worker.before-insert');
    const addition = await this.releases.addAll(posted);
    failpoint('worker.after-insert');
    const now = this.clock.now();
    if (addition.added.length > 0)
      await this.outbox.add(addition.added.map((release) => postedFact(release, now)));
    failpoint('worker.before-commit');
    return addition;
  }
}

/** The first of every id, in an order that two workers share: their inserts then cannot lock each other out. */
function withoutRepeats(batch: readonly Release[]) {
  const firsts = new Map<string, Release>();
  const reused: Release[] = [];
  for (const release of batch) {
    const key = release.tenantId + release.id;
    const first = firsts.get(key);
    if (!first) firsts.set(key, release);
    else if (!first.isSameInputAs(release)) reused.push(release);
  }
  const sorted = [...firsts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, release]) => release);
  return { firsts: sorted, reused };
}
