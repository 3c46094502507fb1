import { Injectable } from '@nestjs/common';
import { TenantId, UserId } from '@libs/kernel';
import { Release } from '../domain/release';
import { ReleaseDraft, ReleaseInput } from '../domain/release-draft';
import { InputHasher, ReleaseIds } from '../domain/release-ids';
import { AcceptancePolicy } from './acceptance-policy';
import { ReleaseQueue } from './release-queue';

/** Who asks, on which errand. */
export interface Author {
  tenantId: TenantId;
  userId: UserId;
  requestId: string;
  traceparent?: string;
  /** Makes a retry the same release; unique within the tenant and the route. */
  idempotencyKey?: string;
}

export const SINGLE_ROUTE = 'POST /releases';

/** Accepts one release: validates, gives it an id, hands it to the queue; nothing else is written. */
@Injectable()
export class AcceptRelease {
  constructor(
    private readonly policy: AcceptancePolicy,
    private readonly ids: ReleaseIds,
    private readonly hasher: InputHasher,
    private readonly queue: ReleaseQueue,
  ) {}

  /** Resolves once the queue has it. @throws the errors of ReleaseDraft.of, QueueUnavailable */
  async execute(input: ReleaseInput, author: Author): Promise<Release> {
    const release = this.prepare(input, author, SINGLE_ROUTE, 0);
    await this.queue.put(release);
    return release;
  }

  /** The release as it would be queued. @throws the errors of ReleaseDraft.of */
  prepare(input: ReleaseInput, author: Author, route: string, item: number): Release {
    const { tenantId, userId, requestId, traceparent, idempotencyKey } = author;
    const now = this.policy.now();
    const draft = ReleaseDraft.of(input, this.policy.latest(now));
    const id =
      idempotencyKey === undefined
        ? this.ids.next(tenantId, now)
        : this.ids.derive(tenantId, { route, idempotencyKey, item });
    const inputHash = this.hasher.hash(draft.canonical());
    return Release.accept(draft, { id, tenantId, userId, inputHash, requestId, traceparent }, now);
  }
}
