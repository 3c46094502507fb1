import { logger } from '@libs/logging';
import { Claim, SendingStore } from '../postgres/sending-store';
import { TenantTransaction } from '@libs/kernel';
import { DeliverOne } from './deliver-one';

/** After that the place is somebody else's: what is left of the lane waits for its turn. */
const LANE_MS = 1_000;

/** Takes a lane's deliveries to their receiver, one after the other, as long as it takes them, and quickly. */
export class DeliverLane {
  private readonly log: ReturnType<typeof logger>;

  constructor(
    service: string,
    private readonly transaction: TenantTransaction,
    private readonly store: SendingStore,
    private readonly one: DeliverOne,
  ) {
    this.log = logger(`${service}.webhooks`);
  }

  /** Never rejects: what cannot even be given back comes free when its lease ends. */
  async execute(lane: readonly Claim[], stop: AbortSignal): Promise<void> {
    const until = performance.now() + LANE_MS;
    for (const [place, claim] of lane.entries()) {
      const goesOn = await this.one.execute(claim, stop);
      if (goesOn && !stop.aborted && performance.now() < until) continue;
      await this.putBack(lane.slice(place + 1));
      return;
    }
  }

  private async putBack(rest: readonly Claim[]): Promise<void> {
    const [first] = rest;
    if (!first) return;
    try {
      await this.transaction.runFor([first.tenantId], () => this.store.putBack(rest));
    } catch (error) {
      this.log.warn({ err: error, deliveries: rest.length }, 'deliveries come free when their lease ends');
    }
  }
}
