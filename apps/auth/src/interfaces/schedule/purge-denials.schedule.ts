import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { PurgeDenials } from '../../application/sessions/purge-denials';

/** Every instance does; who comes second finds nothing. */
@Injectable()
export class PurgeDenialsSchedule extends Recurring {
  constructor(private readonly purge: PurgeDenials) {
    super({ log: 'auth', name: 'ended denials are purged', everyMs: 60_000, first: 'awaited' });
  }

  protected turn(): Promise<void> {
    return this.purge.execute();
  }
}
