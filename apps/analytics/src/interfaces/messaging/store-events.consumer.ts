import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TrackedEventsV1, topics } from '@libs/contracts';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { ReceivedEvent, SinkRefusal, Storing, TakeEvents } from '@libs/tracked-events';
import { RefusedEvent, StoreEvents } from '../../application/store-events';
import { StoringMetrics } from './storing-metrics';

/** Stores what the log brings (libs/tracked-events: in lanes, each event once, none in another's way). Group `analytics`. */
@Controller()
export class RollUpOnEvents implements Storing {
  constructor(
    private readonly events: TakeEvents,
    private readonly storing: StoreEvents,
    private readonly metrics: StoringMetrics,
  ) {}

  @EventPattern(topics.events, EVENT_LOG)
  handle(@Payload() batch: Batch<TrackedEventsV1>): Promise<void> {
    return this.events.take(batch, this);
  }

  /** Every event is kept. */
  wants(): boolean {
    return true;
  }

  async store(events: readonly ReceivedEvent[]): Promise<readonly RefusedEvent[]> {
    const outcome = await this.storing.execute(events);
    this.metrics.stored(outcome);
    return outcome.refused;
  }

  received(events: number): void {
    this.metrics.received(events);
  }

  refused(code: SinkRefusal): void {
    this.metrics.refused(code);
  }
}
