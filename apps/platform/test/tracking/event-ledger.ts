import { topics, TrackedEventsV1 } from '@libs/contracts';
import { Batch, eventTransport, MessagingSettings } from '@libs/messaging';
import { Client } from 'pg';
import { EventPlan, Expected } from './event-plan';

/** What the sinks and analytics have made of a company's events, looked at past all walls. */
export async function stored(admin: Client, tenantId: string): Promise<Omit<Expected, 'events'>> {
  const { rows } = await admin.query<{
    critical: number;
    expenses: string;
    income: string;
    notifications: number;
    raw: number;
    rolledUp: number;
  }>(
    `select (select count(*)::int from events.user_events where tenant_id = $1) as critical,
       (select coalesce(sum(amount) filter (where type = 'expense'), 0) from events.transactions where tenant_id = $1)::text as expenses,
       (select coalesce(sum(amount) filter (where type = 'income'), 0) from events.transactions where tenant_id = $1)::text as income,
       (select count(*)::int from events.notifications where tenant_id = $1) as notifications,
       (select count(*)::int from analytics.events where tenant_id = $1) as raw,
       (select coalesce(sum(events), 0)::int from analytics.quarter_rollup where tenant_id = $1 and event_type = '*') as "rolledUp"`,
    [tenantId],
  );
  const [row] = rows;
  if (!row) throw new Error('no answer');
  return { ...row, expenses: BigInt(row.expenses), income: BigInt(row.income) };
}

/**
 * How many of the planned events the log holds, of every type: read by a consumer group that never was, from the
 * beginning. Resolves when it has seen all, or with what it saw when nothing new came for `quietMs`.
 */
export async function logged(settings: MessagingSettings, plan: EventPlan, quietMs: number): Promise<number> {
  const seen = new Uint8Array(plan.events);
  let count = 0;
  let lastNews = Date.now();
  const transport = eventTransport(settings, { group: `recount ${Date.now()}` });
  const take = (batch: Batch<TrackedEventsV1>): Promise<void> => {
    for (const { envelope } of batch.messages) {
      for (const { eventId } of envelope.payload.events) {
        const index = plan.indexOf(eventId);
        if (index === undefined || seen[index]) continue;
        seen[index] = 1;
        count += 1;
      }
    }
    lastNews = Date.now();
    return Promise.resolve();
  };
  transport.addHandler(topics.events, take, true);
  await new Promise<void>((resolve, reject) => {
    transport.listen((error) => (error ? reject(new Error('cannot listen', { cause: error })) : resolve()));
  });
  while (count < plan.events && Date.now() - lastNews < quietMs)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await transport.close();
  return count;
}
