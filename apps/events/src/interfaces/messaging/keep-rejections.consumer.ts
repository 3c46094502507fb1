import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { RejectedEventsV1, topics } from '@libs/contracts';
import { Batch, EVENT_LOG } from '@libs/messaging';
import { KeepRejections } from '../../application/rejections/keep-rejections';
import { readRejections } from './read-rejections';

/** Rows of one transaction; each may have 256 KiB. */
const AT_ONCE = 500;

/** When events are rejected, they are kept for a while. Group `events.sink`. */
@Controller()
export class KeepRejectionsOnEventsErrors {
  constructor(private readonly keep: KeepRejections) {}

  /** @throws MalformedRejections; the transport then isolates and dead-letters the message */
  @EventPattern(topics.eventsErrors, EVENT_LOG)
  async handle(@Payload() batch: Batch<RejectedEventsV1>): Promise<void> {
    const rejections = batch.messages.flatMap(readRejections);
    for (let start = 0; start < rejections.length; start += AT_ONCE)
      await this.keep.execute(rejections.slice(start, start + AT_ONCE));
  }
}
