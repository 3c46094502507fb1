import { Injectable } from '@nestjs/common';
import { ReconcileDenyList } from '../../application/sessions/reconcile-deny-list';
import { RepeatingSchedule } from './repeating-schedule';

/** Keeps the deny list whole, from the start on. */
@Injectable()
export class DenyListSchedule extends RepeatingSchedule {
  constructor(private readonly reconcile: ReconcileDenyList) {
    super('the deny list is made whole', 1_000);
  }

  protected work(): Promise<void> {
    return this.reconcile.execute();
  }
}
