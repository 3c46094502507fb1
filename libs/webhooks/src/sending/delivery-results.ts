import { Outbox, TenantTransaction } from '@libs/kernel';
import { Claim, Mark, SendingStore } from '../postgres/sending-store';
import { DisabledReason } from '../webhook';
import { webhookDisabled } from './webhook-disabled';

/** Receivers that take longer share their part of the places with those that fail. */
const SLOW_MS = 3_000;
const GONE = 410;
const MOST = 100;

/** What came of one delivery. */
export interface Result {
  claim: Claim;
  mark: Mark;
}

interface Waiting extends Result {
  resolve: (disabled: DisabledReason | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes down what came of deliveries, in one transaction all that came while the one before was being committed: a commit is what
 * costs most.
 */
export class DeliveryResults {
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(
    private readonly service: string,
    private readonly transaction: TenantTransaction,
    private readonly store: SendingStore,
    private readonly outbox: Outbox,
  ) {}

  /** Once it is committed. @returns why its webhook was disabled by it */
  write(result: Result): Promise<DisabledReason | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...result, resolve, reject });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST);
      if (!(await this.wrote(batch))) for (const one of batch) await this.wroteAlone(one);
    }
    this.writing = false;
  }

  /** @returns false where all of it is still to be written: each alone, so that none fails for another's sake */
  private async wrote(batch: readonly Waiting[]): Promise<boolean> {
    const tenantIds = [...new Set(batch.map(({ claim }) => claim.tenantId))];
    const disabled = await this.transaction
      .runFor(tenantIds, () => this.marked(batch))
      .catch(() => undefined);
    if (disabled) batch.forEach((one) => one.resolve(disabled.get(one)));
    return disabled !== undefined;
  }

  private async wroteAlone(one: Waiting): Promise<void> {
    try {
      const disabled = await this.transaction.runFor([one.claim.tenantId], () => this.marked([one]));
      one.resolve(disabled.get(one));
    } catch (error) {
      one.reject(error);
    }
  }

  private async marked<R extends Result>(batch: readonly R[]): Promise<Map<R, DisabledReason>> {
    const ours = await this.store.mark(batch);
    const disabled = new Map<R, DisabledReason>();
    const sent = batch.flatMap((one, place) => {
      const { outcome } = one.mark;
      return ours.has(place) && outcome ? [{ one, webhook: one.claim, outcome }] : [];
    });
    const good = sent.filter(({ outcome }) => outcome.error === undefined);
    await this.store.succeeded(
      good.map(({ webhook, outcome }) => ({ ...webhook, slow: outcome.durationMs > SLOW_MS })),
    );
    // in the order of their ids: two processes with the same webhooks wait for each other instead of deadlocking
    const bad = sent
      .filter(({ outcome }) => outcome.error !== undefined)
      .sort((a, b) => (a.webhook.webhookId < b.webhook.webhookId ? -1 : 1));
    for (const { one, webhook, outcome } of bad) {
      const gone = outcome.httpStatus === GONE;
      const given = await this.store.refused(webhook, { gone, restSeconds: outcome.retryAfterSeconds });
      if (!given) continue;
      disabled.set(one, given.reason);
      await this.outbox.add(webhookDisabled(this.service, webhook, { ...given, at: outcome.at }));
    }
    return disabled;
  }
}
