import { ApiProperty } from '@nestjs/swagger';
import { ActivityView, PersonProfile } from '../../application/raw/person.reader';
import { ReportHead } from '../../application/report-cache';
import { ReportResponse } from './report.response';

export class EventsByTypeResponse {
  @ApiProperty({ example: 'page_view' }) eventType!: string;
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ format: 'date-time' }) lastAt!: string;
}

export class ValueCountResponse {
  @ApiProperty({ example: 'mobile' }) value!: string;
  @ApiProperty({ type: 'integer' }) events!: number;
}

export class PersonSessionsResponse {
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiProperty({ type: Number, nullable: true, example: 73.5 }) meanSeconds!: number | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) lastStartedAt!: string | null;
}

export class LastPageResponse {
  @ApiProperty({ example: 'app.moneyflow.com/transfer' }) url!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
}

/** What an application knows of one person. */
export class UserResponse extends ReportResponse {
  @ApiProperty({ description: 'As the events name the person: a pseudonym where that was personal data.' })
  userId!: string;
  @ApiProperty({
    format: 'date-time',
    description: 'Of all that is kept, like `lastSeen`; the rest is of the period.',
  })
  firstSeen!: string;
  @ApiProperty({ format: 'date-time' }) lastSeen!: string;
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ type: [EventsByTypeResponse], description: 'The 100 most frequent.' })
  byType!: EventsByTypeResponse[];
  @ApiProperty({ type: PersonSessionsResponse, description: 'That began in the period.' })
  sessions!: PersonSessionsResponse;
  @ApiProperty({ type: [ValueCountResponse], description: 'The 20 most frequent, as below.' })
  devices!: ValueCountResponse[];
  @ApiProperty({ type: [ValueCountResponse] }) browsers!: ValueCountResponse[];
  @ApiProperty({ type: [ValueCountResponse] }) countries!: ValueCountResponse[];
  @ApiProperty({ type: [LastPageResponse], description: 'The last 10 viewed, newest first, each once.' })
  lastPages!: LastPageResponse[];

  static from(head: ReportHead, { sessions, ...person }: PersonProfile & { userId: string }): UserResponse {
    return {
      ...head,
      ...person,
      firstSeen: person.firstSeen.toISOString(),
      lastSeen: person.lastSeen.toISOString(),
      byType: person.byType.map((type) => ({ ...type, lastAt: type.lastAt.toISOString() })),
      sessions: {
        count: sessions.count,
        meanSeconds: sessions.meanMs === null ? null : Math.round(sessions.meanMs) / 1_000,
        lastStartedAt: sessions.lastStartedAt?.toISOString() ?? null,
      },
      lastPages: person.lastPages.map(({ url, at }) => ({ url, at: at.toISOString() })),
    };
  }
}

const ID_OF_MORE = {
  type: String,
  nullable: true,
  description: 'null also where who asks may not be told: told to people with `tenant:write`.',
} as const;

export class ActivityResponse {
  @ApiProperty({ format: 'uuid' }) eventId!: string;
  @ApiProperty({ example: 'page_view' }) eventType!: string;
  @ApiProperty({ format: 'date-time', description: "By the client's clock, as it was sent." })
  timestamp!: string;
  @ApiProperty({ format: 'date-time', description: 'By our clock.' }) occurredAt!: string;
  @ApiProperty({ format: 'date-time' }) receivedAt!: string;
  @ApiProperty({ enum: ['sdk', 'track'] }) source!: string;
  @ApiProperty(ID_OF_MORE) deviceId!: string | null;
  @ApiProperty(ID_OF_MORE) sessionId!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 42 }) seq!: number | null;
  @ApiProperty({ type: String, nullable: true }) url!: string | null;
  @ApiProperty({ type: String, nullable: true }) referrer!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'mobile' }) device!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Chrome' }) browser!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Android' }) os!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'BR' }) country!: string | null;
  @ApiProperty({ type: Object, additionalProperties: true, example: { amount: '150.50' } })
  metadata!: object;

  static of(view: ActivityView, named: boolean): ActivityResponse {
    return {
      eventId: view.eventId,
      eventType: view.eventType,
      timestamp: view.timestamp.toISOString(),
      occurredAt: view.occurredAt.toISOString(),
      receivedAt: view.receivedAt.toISOString(),
      source: view.source,
      deviceId: named ? view.deviceId : null,
      sessionId: named ? view.sessionId : null,
      seq: view.seq,
      url: view.url,
      referrer: view.referrer,
      device: view.device,
      browser: view.browser,
      os: view.os,
      country: view.country,
      metadata: view.metadata,
    };
  }
}

export class ActivityPageResponse extends ReportResponse {
  @ApiProperty({ type: [ActivityResponse] }) items!: ActivityResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}
