import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TrackedEventsV1, topics } from '@libs/contracts';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { TakeEvents } from '@libs/tracked-events';
import { StoreEvents } from '../../application/store-events';

/** Stores what the log brings (libs/tracked-events: in lanes, each event once, none in another's way). Group `analytics`. */
@Controller()
export class RollUpOnEvents {
  constructor(
    private readonly events: TakeEvents,
    private readonly storing: StoreEvents,
  ) {}

  @EventPattern(topics.events, EVENT_LOG)
  handle(@Payload() batch: Batch<TrackedEventsV1>): Promise<void> {
    return this.events.take(batch, { wants: everyEvent, execute: (events) => this.storing.execute(events) });
  }
}

function everyEvent(): boolean {
  return true;
}
