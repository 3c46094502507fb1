import { Injectable } from '@nestjs/common';
import { Clock, isUuid, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { NEW_EPISODE } from '../../domain/alert-episode';
import { conditionOf, ConditionClaim, isSameWatch, Metric } from '../../domain/alert-rule';
import { AlertNotFound } from '../../domain/alert.errors';
import { Alert } from './alert';
import { alertAudited } from './alert-audit';
import { AlertRepository } from './alert.repository';

export interface AlertChanges {
  name?: string;
  /** null: of any type. */
  eventType?: string | null;
  metric?: Metric;
  condition?: ConditionClaim;
  notify?: boolean;
  enabled?: boolean;
}

/** An alert that watches something else, or is enabled again, begins anew; one that fired is over then. */
@Injectable()
export class ChangeAlert {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly alerts: AlertRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws AlertNotFound, ImpossibleCondition */
  execute(input: { tenantId: TenantId; id: string; by: UserId; changes: AlertChanges }): Promise<Alert> {
    const { tenantId, id, by, changes } = input;
    return this.change(tenantId, id, async (alert) => {
      const now = this.clock.now();
      const changed = { ...changedBy(alert, changes, now), updatedAt: now };
      await this.alerts.save(changed);
      await this.outbox.add([alertAudited('changed', changed, by, now)]);
      return changed;
    });
  }

  /** @throws AlertNotFound */
  async delete({ tenantId, id, by }: { tenantId: TenantId; id: string; by: UserId }): Promise<void> {
    await this.change(tenantId, id, async (alert) => {
      const now = this.clock.now();
      await this.alerts.save({ ...alert, deleted: true, episode: NEW_EPISODE, dueAt: now, updatedAt: now });
      await this.outbox.add([alertAudited('deleted', alert, by, now)]);
    });
  }

  private async change<T>(tenantId: TenantId, id: string, work: (alert: Alert) => Promise<T>): Promise<T> {
    if (!isUuid(id)) throw new AlertNotFound();
    return this.transaction.run(async () => {
      const alert = await this.alerts.findForUpdate(tenantId, id);
      if (!alert) throw new AlertNotFound();
      return work(alert);
    });
  }
}

function changedBy(alert: Alert, changes: AlertChanges, now: Date): Alert {
  const { eventType: asked, condition, enabled = alert.enabled, ...others } = changes;
  const eventType = asked === undefined ? alert.rule.eventType : (asked ?? undefined);
  const rule = {
    ...alert.rule,
    ...present(others),
    eventType,
    ...(condition && { condition: conditionOf(condition) }),
  };
  const changed = { ...alert, rule, enabled };
  if (isSameWatch(alert.rule, rule) && alert.enabled === enabled) return changed;
  return { ...changed, revision: alert.revision + 1, episode: NEW_EPISODE, last: undefined, dueAt: now };
}

/** What was said: a DTO has `undefined` for the rest. */
function present({ name, metric, notify }: Pick<AlertChanges, 'name' | 'metric' | 'notify'>) {
  return {
    ...(name !== undefined && { name }),
    ...(metric !== undefined && { metric }),
    ...(notify !== undefined && { notify }),
  };
}
