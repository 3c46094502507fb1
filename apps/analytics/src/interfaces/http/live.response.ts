import { ApiProperty } from '@nestjs/swagger';
import { LiveCounts, LiveValue } from '../../application/live/live-counts';
import { UniqueResponse } from './unique.response';

export class LiveValueResponse implements LiveValue {
  @ApiProperty({ example: 'app.moneyflow.com/transfer', description: '`` where nothing is known.' })
  value!: string;

  @ApiProperty({ type: 'integer', example: 7 }) visitors!: number;
}

export class LiveCountsResponse implements LiveCounts {
  @ApiProperty({ format: 'uuid' }) appId!: string;

  @ApiProperty({ example: 'America/Sao_Paulo', description: "The tenant's." }) timeZone!: string;

  @ApiProperty({ format: 'date-time', description: 'A whole second: the counts are of the time before.' })
  asOf!: string;

  @ApiProperty({
    example: '48213',
    description:
      'Changes with everything that is stored of the application. Equal `asOf` and `seq`: an equal answer, from whichever instance.',
  })
  seq!: string;

  @ApiProperty({ type: UniqueResponse, description: 'Did something in the last 5 minutes.' })
  activeVisitors!: UniqueResponse;

  @ApiProperty({ type: 'integer', description: 'Not over: something happened in the last 30 minutes.' })
  activeSessions!: number;

  @ApiProperty({ type: 'integer' }) eventsLastMinute!: number;

  @ApiProperty({ type: 'integer' }) eventsLast30Minutes!: number;

  @ApiProperty({
    type: [LiveValueResponse],
    description: 'Where the active visitors are; most of them first, at most ten.',
  })
  pages!: LiveValueResponse[];

  @ApiProperty({ type: [LiveValueResponse] }) countries!: LiveValueResponse[];

  @ApiProperty({ type: [LiveValueResponse] }) devices!: LiveValueResponse[];
}
