import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { PublishPendingDenials } from '../../application/sessions/publish-pending-denials';

/** Looks for denials that a command left. Every service looks at the deny list each 500 ms: together less than a second. */
@Injectable()
export class PendingDenialsSchedule extends Recurring {
  constructor(private readonly publish: PublishPendingDenials) {
    super({ log: 'auth', name: "a command's denials are published", everyMs: 250, first: 'awaited' });
  }

  protected turn(): Promise<void> {
    return this.publish.execute();
  }
}
