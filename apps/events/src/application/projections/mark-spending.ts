import { Injectable } from '@nestjs/common';
import { weekOf } from '../../domain/civil-week';
import { isCritical } from '../../domain/event-types';
import { LoggedEvent } from '../../domain/tracked-event';
import { transactionOf } from '../../domain/transaction';
import { EventProjection } from '../event-projection';
import { InsightStore, SpendingChange } from './insight-store';

/**
 * Notes whose spending a batch changed; FindInsights looks at it after the commit. Not at once: two batches that commit
 * together would each miss what the other one has, and nobody would look again.
 */
@Injectable()
export class MarkSpending extends EventProjection {
  constructor(private readonly store: InsightStore) {
    super();
  }

  wants(eventType: string): boolean {
    return isCritical(eventType);
  }

  async apply(events: readonly LoggedEvent[]): Promise<void> {
    const changes = new Map<string, SpendingChange>();
    for (const event of events) {
      const change = changeOf(event);
      if (!change) continue;
      const { tenantId, userId, categoryId, currency, sinceWeek } = change;
      // each week by itself: what lies between two of them may be long
      changes.set(JSON.stringify([tenantId, userId, categoryId, currency, sinceWeek.toString()]), change);
    }
    if (changes.size > 0) await this.store.markChanged([...changes.values()]);
  }
}

function changeOf(event: LoggedEvent): SpendingChange | undefined {
  const { tenantId, userId, properties } = event;
  const transaction = userId === undefined ? undefined : transactionOf(event);
  if (userId === undefined || transaction?.type !== 'expense') return undefined;
  const { categoryId, currency } = transaction;
  const { category } = properties;
  return {
    tenantId,
    userId,
    categoryId,
    currency,
    category: typeof category === 'string' && category !== '' ? category : categoryId,
    sinceWeek: weekOf(new Date(event.occurredAt)),
  };
}
