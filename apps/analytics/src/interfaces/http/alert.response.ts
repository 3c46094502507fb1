import { ApiProperty } from '@nestjs/swagger';
import { Alert } from '../../application/alerts/alert';
import { Incident, Resolution, RESOLUTIONS } from '../../application/alerts/incident';
import { AlertPreview } from '../../application/alerts/preview-alert';
import { ALERT_STATES, AlertState } from '../../domain/alert-episode';
import { Condition, Metric, METRICS } from '../../domain/alert-rule';
import { ConditionRequest } from './alert.request';

const SIDES = ['above', 'below'] as const;
const EXPECTED = {
  type: Number,
  description: 'The bound that was passed, or what is usual at that weekday and hour.',
};
const SCORE = { type: Number, nullable: true, description: 'Of an anomaly: robust deviations from usual.' };

class LastJudgementResponse {
  @ApiProperty({ format: 'date-time', description: 'Where the window ended; its end is not in it.' })
  windowTo!: string;
  @ApiProperty() value!: number;
  @ApiProperty({ ...EXPECTED, nullable: true }) expected!: number | null;
  @ApiProperty(SCORE) score!: number | null;
}

export class AlertResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) appId!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: String, nullable: true }) eventType!: string | null;
  @ApiProperty({ enum: METRICS }) metric!: Metric;
  @ApiProperty({ type: ConditionRequest }) condition!: Condition;
  @ApiProperty() notify!: boolean;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({
    enum: ALERT_STATES,
    description: '`learning`: there is not enough history yet to say anything.',
  })
  state!: AlertState;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'While it fires.' })
  incidentId!: string | null;
  @ApiProperty({
    type: LastJudgementResponse,
    nullable: true,
    description: 'Of the last window that was looked at.',
  })
  last!: LastJudgementResponse | null;
  @ApiProperty({ format: 'uuid' }) createdBy!: string;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;

  static of({ id, rule, enabled, episode, last, incidentId, createdBy, ...alert }: Alert): AlertResponse {
    return {
      id,
      appId: rule.appId,
      name: rule.name,
      eventType: rule.eventType ?? null,
      metric: rule.metric,
      condition: rule.condition,
      notify: rule.notify,
      enabled,
      state: episode.state,
      incidentId: episode.state === 'firing' ? (incidentId ?? null) : null,
      last: last
        ? { windowTo: last.end.toISOString(), value: last.value, expected: last.expected, score: last.score }
        : null,
      createdBy,
      createdAt: alert.createdAt.toISOString(),
      updatedAt: alert.updatedAt.toISOString(),
    };
  }
}

export class AlertPageResponse {
  @ApiProperty({ type: [AlertResponse] }) items!: AlertResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}

class BreachResponse {
  @ApiProperty({ format: 'date-time' }) windowFrom!: string;
  @ApiProperty({ format: 'date-time', description: 'Its end is not in it.' }) windowTo!: string;
  @ApiProperty({ enum: SIDES }) direction!: 'above' | 'below';
  @ApiProperty() value!: number;
  @ApiProperty(EXPECTED) expected!: number;
  @ApiProperty(SCORE) score!: number | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null while it goes on' })
  resolvedAt!: string | null;
}

export class IncidentResponse extends BreachResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'As the alert was called then.' }) alertName!: string;
  @ApiProperty({ type: ConditionRequest, description: 'As it was then.' }) condition!: Condition;
  @ApiProperty() timeZone!: string;
  @ApiProperty({ format: 'date-time' }) firedAt!: string;
  @ApiProperty({
    enum: RESOLUTIONS,
    nullable: true,
    description: '`calm`: two windows were well within bounds; else what somebody did to the alert.',
  })
  resolution!: Resolution | null;
  @ApiProperty({ type: Number, nullable: true }) resolvedValue!: number | null;

  static of({ rule, resolved, ...incident }: Incident): IncidentResponse {
    return {
      id: incident.id,
      alertName: rule.name,
      condition: rule.condition,
      timeZone: incident.timeZone,
      windowFrom: incident.windowFrom.toISOString(),
      windowTo: incident.windowTo.toISOString(),
      direction: incident.direction,
      value: incident.value,
      expected: incident.expected,
      score: incident.score,
      firedAt: incident.firedAt.toISOString(),
      resolvedAt: resolved?.at.toISOString() ?? null,
      resolution: resolved?.why ?? null,
      resolvedValue: resolved?.value ?? null,
    };
  }
}

export class IncidentPageResponse {
  @ApiProperty({ type: [IncidentResponse] }) items!: IncidentResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}

export class AlertPreviewResponse {
  @ApiProperty({ format: 'uuid' }) appId!: string;
  @ApiProperty() timeZone!: string;
  @ApiProperty({ format: 'date-time', description: 'The first window ends a quarter of an hour later.' })
  from!: string;
  @ApiProperty({ format: 'date-time', description: 'The last window ends then.' }) to!: string;
  @ApiProperty({ type: ConditionRequest, description: 'With what was not given.' }) condition!: Condition;
  @ApiProperty({ description: 'So many were looked at.' }) windows!: number;
  @ApiProperty({ description: 'Of so many windows nothing could be said.' }) learning!: number;
  @ApiProperty({ description: 'Of the values of all windows.' }) smallest!: number;
  @ApiProperty({ description: 'Of the values of all windows.' }) largest!: number;
  @ApiProperty({ description: 'So often it would have fired.' }) incidents!: number;
  @ApiProperty({ type: [BreachResponse], description: 'The newest 100.' }) items!: BreachResponse[];

  static of(appId: string, preview: AlertPreview): AlertPreviewResponse {
    const { told, from, to, ...rest } = preview;
    return {
      appId,
      ...rest,
      from: from.toISOString(),
      to: to.toISOString(),
      items: told.map((incident) => ({
        ...incident,
        windowFrom: incident.windowFrom.toISOString(),
        windowTo: incident.windowTo.toISOString(),
        resolvedAt: incident.resolvedAt?.toISOString() ?? null,
      })),
    };
  }
}
