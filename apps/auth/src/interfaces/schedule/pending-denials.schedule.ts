import { Injectable } from '@nestjs/common';
import { PublishPendingDenials } from '../../application/sessions/publish-pending-denials';
import { RepeatingSchedule } from './repeating-schedule';

/** Looks for denials that a command left. Every service looks at the deny list each 500 ms: together less than a second. */
@Injectable()
export class PendingDenialsSchedule extends RepeatingSchedule {
  constructor(private readonly publish: PublishPendingDenials) {
    super("a command's denials are published", 250);
  }

  protected work(): Promise<void> {
    return this.publish.execute();
  }
}
