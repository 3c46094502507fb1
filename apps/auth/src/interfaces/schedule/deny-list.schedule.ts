import { Injectable } from '@nestjs/common';
import { Recurring } from '@libs/schedules';
import { ReconcileDenyList } from '../../application/sessions/reconcile-deny-list';

/** Keeps the deny list whole, from the start on. */
@Injectable()
export class DenyListSchedule extends Recurring {
  constructor(private readonly reconcile: ReconcileDenyList) {
    super({ log: 'auth', name: 'the deny list is made whole', everyMs: 1_000, first: 'awaited' });
  }

  protected turn(): Promise<void> {
    return this.reconcile.execute();
  }
}
