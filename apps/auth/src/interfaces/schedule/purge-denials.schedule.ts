import { Injectable } from '@nestjs/common';
import { PurgeDenials } from '../../application/sessions/purge-denials';
import { RepeatingSchedule } from './repeating-schedule';

/** Every instance does; who comes second finds nothing. */
@Injectable()
export class PurgeDenialsSchedule extends RepeatingSchedule {
  constructor(private readonly purge: PurgeDenials) {
    super('ended denials are purged', 60_000);
  }

  protected work(): Promise<void> {
    return this.purge.execute();
  }
}
