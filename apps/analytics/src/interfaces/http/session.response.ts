import { ApiProperty } from '@nestjs/swagger';
import { SessionView } from '../../application/raw/session.reader';
import { ReportResponse } from './report.response';
import { visitorId } from '../../domain/visitor-id';

/** A visitor's events with less than 30 minutes between one and the next. */
export class SessionResponse {
  @ApiProperty({
    example: '0a1b2c3d4e5f6',
    description: 'The same for the same visitor; says nothing else of them.',
  })
  visitor!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'null also where who asks may not be told: told to people with `tenant:write`, and where the question names the user.',
  })
  userId!: string | null;
  @ApiProperty({ format: 'date-time' }) startedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'Of its last event so far.' }) endedAt!: string;
  @ApiProperty({ type: Number, example: 73.5 }) durationSeconds!: number;
  @ApiProperty({ type: 'integer' }) events!: number;
  @ApiProperty({ type: 'integer' }) pageViews!: number;
  @ApiProperty({ type: String, nullable: true }) entryUrl!: string | null;
  @ApiProperty({ type: String, nullable: true }) exitUrl!: string | null;
  @ApiProperty({ type: String, nullable: true }) referrer!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'mobile' }) device!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'BR' }) country!: string | null;

  static of({ visitor, startedAt, endedAt, ...view }: SessionView, named: boolean): SessionResponse {
    return {
      ...view,
      userId: named ? view.userId : null,
      visitor: visitorId(visitor),
      startedAt: startedAt.toISOString(),
      endedAt: endedAt.toISOString(),
      durationSeconds: (endedAt.getTime() - startedAt.getTime()) / 1_000,
    };
  }
}

export class SessionPageResponse extends ReportResponse {
  @ApiProperty({ type: [SessionResponse] }) items!: SessionResponse[];
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor!: string | null;
}
