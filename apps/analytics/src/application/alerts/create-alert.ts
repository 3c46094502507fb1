import { Injectable } from '@nestjs/common';
import { Clock, newId, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { NEW_EPISODE } from '../../domain/alert-episode';
import { AlertRule, conditionOf, ConditionClaim } from '../../domain/alert-rule';
import { MOST_ALERTS, TooManyAlerts } from '../../domain/alert.errors';
import { Alert } from './alert';
import { alertAudited } from './alert-audit';
import { AlertRepository } from './alert.repository';

export interface NewAlert extends Omit<AlertRule, 'condition'> {
  tenantId: TenantId;
  by: UserId;
  condition: ConditionClaim;
  enabled: boolean;
}

@Injectable()
export class CreateAlert {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly alerts: AlertRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The last window that is over is judged next. @throws ImpossibleCondition, TooManyAlerts */
  async execute({ tenantId, by, enabled, ...rule }: NewAlert): Promise<Alert> {
    const now = this.clock.now();
    const alert: Alert = {
      tenantId,
      id: newId(),
      rule: { ...rule, condition: conditionOf(rule.condition) },
      enabled,
      revision: 1,
      episode: NEW_EPISODE,
      deleted: false,
      dueAt: now,
      createdBy: by,
      createdAt: now,
      updatedAt: now,
    };
    await this.transaction.run(async () => {
      if (!(await this.alerts.add(alert, MOST_ALERTS))) throw new TooManyAlerts();
      await this.outbox.add([alertAudited('created', alert, by, now)]);
    });
    return alert;
  }
}
