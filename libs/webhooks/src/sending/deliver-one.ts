import { failpoint, TenantTransaction, WebhookBodies } from '@libs/kernel';
import { logger } from '@libs/logging';
import { Claim, ClaimedDelivery, Mark, SendingStore } from '../postgres/sending-store';
import { TEST_EVENT } from '../webhook';
import { WebhookSecrets } from '../webhook-secrets';
import { afterTry } from './after-try';
import { DeliveryResults } from './delivery-results';
import { DeliveryEnd, WebhookMetrics } from './webhook-metrics';
import { SendOutcome, WebhookSender } from './webhook-sender';

const MOST_BYTES = 4 * 1024 * 1024;
/** Until something of our own that failed is tried again. */
const OUR_FAULT_S = 60;

interface Ending {
  end: DeliveryEnd;
  /** The receiver took it, or was not asked: it can be sent more. */
  goesOn: boolean;
}

/** Takes one claimed delivery to its receiver, and writes down what came of it. */
export class DeliverOne {
  private readonly log: ReturnType<typeof logger>;

  constructor(
    service: string,
    private readonly transaction: TenantTransaction,
    private readonly store: SendingStore,
    private readonly results: DeliveryResults,
    private readonly bodies: WebhookBodies,
    private readonly secrets: WebhookSecrets,
    private readonly sender: WebhookSender,
    private readonly metrics: WebhookMetrics,
  ) {
    this.log = logger(`${service}.webhooks`);
  }

  /**
   * Never rejects: what cannot even be written down comes free when its lease ends.
   * @returns whether more can be sent there
   */
  async execute(claim: Claim, stop: AbortSignal): Promise<boolean> {
    try {
      const { end, goesOn } = await this.deliver(claim, stop);
      this.metrics.ended(end);
      return goesOn;
    } catch (error) {
      if (!stop.aborted) this.log.error({ err: error, delivery: claim.id }, 'a delivery could not be made');
      await this.giveBack(claim, stop.aborted ? 0 : OUR_FAULT_S);
      return false;
    }
  }

  private async deliver(claim: Claim, stop: AbortSignal): Promise<Ending> {
    const prepared = await this.as(claim, async () => {
      const delivery = await this.store.load(claim);
      // somebody else's by now, or of a webhook whose row is gone: nothing to do, and nothing to give back
      if (!delivery) return undefined;
      if (delivery.webhookStatus !== 'active') return delivery;
      return { ...delivery, data: await this.dataOf(delivery) };
    });
    if (!prepared) return { end: 'given_back', goesOn: true };
    if (!('data' in prepared)) return this.notActive(prepared);
    if (prepared.data === undefined)
      return this.end(claim, { status: 'cancelled', reason: 'nothing_to_tell' });
    const body = bodyOf(prepared, prepared.data);
    if (Buffer.byteLength(body) > MOST_BYTES)
      return this.end(claim, { status: 'failed', reason: 'body_too_large' });
    const { id, tenantId, webhookId, url, sealedSecrets } = prepared;
    const secrets = sealedSecrets.map((sealed) => this.secrets.open(sealed, tenantId, webhookId));
    const outcome = await this.sender.send({ id, url, body, secrets }, stop);
    failpoint('webhooks.after-send');
    return this.tried(prepared, outcome);
  }

  private async dataOf(delivery: ClaimedDelivery): Promise<object | undefined> {
    const { tenantId, id, webhookId, type, subject, createdAt } = delivery;
    if (type === TEST_EVENT) return { webhookId };
    return this.bodies.of({ tenantId, id, webhookId, type, subject, createdAt });
  }

  private async tried(delivery: ClaimedDelivery, outcome: SendOutcome): Promise<Ending> {
    this.metrics.tried(outcome);
    const verdict = afterTry(outcome, delivery.step, Math.random());
    const disabled = await this.results.write({ claim: delivery, mark: { ...verdict, outcome } });
    if (disabled !== undefined) {
      this.metrics.gaveUp(disabled);
      this.log.warn({ webhook: delivery.webhookId, reason: disabled }, 'a webhook was disabled');
    }
    return {
      end: verdict.status === 'waiting' ? 'retried' : verdict.status,
      goesOn: verdict.status === 'delivered',
    };
  }

  private async end(claim: Claim, mark: Mark & { status: 'cancelled' | 'failed' }): Promise<Ending> {
    await this.results.write({ claim, mark });
    return { end: mark.status, goesOn: true };
  }

  /** Paused since it was claimed: it waits on. Removed: there is nobody to tell. */
  private async notActive(delivery: ClaimedDelivery): Promise<Ending> {
    if (delivery.webhookStatus === 'removed')
      return this.end(delivery, { status: 'cancelled', reason: 'nothing_to_tell' });
    await this.as(delivery, () => this.store.giveBack(delivery, 0));
    return { end: 'given_back', goesOn: false };
  }

  private async giveBack(claim: Claim, pauseSeconds: number): Promise<void> {
    try {
      await this.as(claim, () => this.store.giveBack(claim, pauseSeconds));
      this.metrics.ended('given_back');
    } catch (error) {
      this.log.warn({ err: error, delivery: claim.id }, 'a delivery comes free when its lease ends');
    }
  }

  private as<T>({ tenantId }: Claim, work: () => Promise<T>): Promise<T> {
    return this.transaction.runFor([tenantId], work);
  }
}

/** The same on every try, as long as what it is about is the same. */
function bodyOf({ id, type, tenantId, createdAt }: ClaimedDelivery, data: object): string {
  return JSON.stringify({ id, type, timestamp: createdAt.toISOString(), tenantId, data });
}
