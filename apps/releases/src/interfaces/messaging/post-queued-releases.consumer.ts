import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { QueuedReleasesV1, queues } from '@libs/contracts';
import { isDataFault } from '@libs/database';
import { logger } from '@libs/logging';
import { Batch, QUEUE, bisect } from '@libs/messaging';
import { PostReleases } from '../../application/post-releases';
import { RejectReleases } from '../../application/reject-releases';
import { Release } from '../../domain/release';
import { Rejection } from '../../domain/rejection';
import { PostingMetrics } from './posting-metrics';
import { QueueRow, readQueuedRelease, rejectionOf } from './read-queued-release';

const log = logger('releases.worker');

/**
 * Posts what the queue brings. It resolves, and so lets the messages be deleted, only when every release of the batch
 * is posted, was posted before, or is kept as rejected; any other failure leaves the messages for another try.
 */
@Controller()
export class PostQueuedReleases {
  constructor(
    private readonly post: PostReleases,
    private readonly reject: RejectReleases,
    private readonly metrics: PostingMetrics,
  ) {}

  @EventPattern(queues.releases.name, QUEUE)
  async handle(@Payload() batch: Batch<QueuedReleasesV1>): Promise<void> {
    const { rows, unreadable } = readAll(batch);
    this.metrics.received(rows.size + unreadable.length);
    const rejections = [...unreadable];
    const attempt = async (releases: readonly Release[]) => {
      const outcome = await this.post.execute(releases);
      this.metrics.posted(outcome.posted, outcome.duplicates);
      for (const release of outcome.reused) rejections.push(reused(rowOf(rows, release)));
    };
    for (const { row, error } of await bisect([...rows.keys()], attempt, isDataFault)) {
      rejections.push(rejectionOf(rowOf(rows, row), 'invalid_data', 'The ledger cannot hold this release.'));
      // the state alone: PostgreSQL's messages quote what they refuse
      const { code, constraint } = error as { code?: string; constraint?: string };
      log.warn({ releaseId: row.id, tenantId: row.tenantId, sqlState: code, constraint }, 'release rejected');
    }
    await this.reject.execute(rejections);
    for (const { reason } of rejections) this.metrics.rejected(reason);
  }
}

function readAll(batch: Batch<QueuedReleasesV1>) {
  const rows = new Map<Release, QueueRow>();
  const unreadable: Rejection[] = [];
  for (const { envelope } of batch.messages) {
    const { tenantId, requestId } = envelope;
    for (const item of itemsOf(envelope.payload)) {
      const release = readQueuedRelease(tenantId, item);
      if (typeof release === 'string')
        unreadable.push(rejectionOf({ tenantId, requestId, item }, 'invalid_data', release));
      else rows.set(release, { tenantId, requestId, item, release });
    }
  }
  return { rows, unreadable };
}

/** A payload that is no list of releases is one unreadable item: nothing may vanish without a trace. */
function itemsOf(payload: QueuedReleasesV1): QueuedReleasesV1['releases'] {
  return Array.isArray(payload.releases)
    ? payload.releases
    : [payload as unknown as QueuedReleasesV1['releases'][0]];
}

function reused(row: QueueRow): Rejection {
  return rejectionOf(
    row,
    'idempotency_key_reused',
    'The key was used before for another body; the first one stands.',
  );
}

function rowOf(rows: ReadonlyMap<Release, QueueRow>, release: Release): QueueRow {
  const row = rows.get(release);
  if (!row) throw new Error(`release ${release.id} is not of this batch`);
  return row;
}
