import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { AlertFiredV1, AlertResolvedV1, topics } from '@libs/contracts';
import { isUuid, TenantId } from '@libs/kernel';
import { Batch, EVENT_LOG, Received } from '@libs/messaging';
import { NotifyOfAlerts } from '../../application/projections/notify-of-alerts';
import { ImpossibleIncident, ToldIncident } from '../../domain/alert-notification';

/** When an alert of analytics fires or is over, everybody of the tenant is told, where the alert says so. */
@Controller()
export class NotifyOnAlerts {
  constructor(private readonly notify: NotifyOfAlerts) {}

  /** @throws ImpossibleIncident; the transport then isolates and dead-letters it */
  @EventPattern(topics.alertFired, EVENT_LOG)
  async fired(@Payload() batch: Batch<AlertFiredV1>): Promise<void> {
    await this.tell(batch, ({ value, firedAt }) => ({ state: 'fired', value, happenedAt: timeOf(firedAt) }));
  }

  /** @throws ImpossibleIncident */
  @EventPattern(topics.alertResolved, EVENT_LOG)
  async resolved(@Payload() batch: Batch<AlertResolvedV1>): Promise<void> {
    await this.tell(batch, ({ resolvedAt, resolution, resolvedValue }) => ({
      state: 'resolved',
      value: resolvedValue,
      resolution,
      happenedAt: timeOf(resolvedAt),
    }));
  }

  private tell<T extends AlertFiredV1 | AlertResolvedV1>(
    { messages }: Batch<T>,
    happened: (payload: T) => Pick<ToldIncident, 'state' | 'value' | 'happenedAt' | 'resolution'>,
  ): Promise<void> {
    const wanted = messages.filter(({ envelope }) => envelope.payload.notify);
    return this.notify.execute(
      wanted.map((message) => ({ ...toldOf(message), ...happened(message.envelope.payload) })),
    );
  }
}

function toldOf({ envelope: { tenantId, payload } }: Received<AlertFiredV1 | AlertResolvedV1>) {
  const { incidentId, alertName, eventType, metric, kind, direction, expected, timeZone } = payload;
  if (!isUuid(incidentId)) throw new ImpossibleIncident('the id is not a UUID');
  return {
    tenantId: tenantId as TenantId,
    incidentId,
    alertName,
    eventType,
    metric,
    kind,
    direction,
    expected,
    timeZone,
    windowFrom: timeOf(payload.windowFrom),
    windowTo: timeOf(payload.windowTo),
  };
}

function timeOf(text: unknown): Date {
  const at = new Date(typeof text === 'string' ? text : NaN);
  if (Number.isNaN(at.getTime())) throw new ImpossibleIncident('a time is none');
  return at;
}
