import { ApiProperty } from '@nestjs/swagger';
import { ReportHead } from '../../application/report-cache';

/** The beginning of every report. */
export class ReportResponse implements ReportHead {
  @ApiProperty({ format: 'uuid' }) appId!: string;
  @ApiProperty({ example: 'America/Sao_Paulo', description: 'Whose days and hours are told.' })
  timeZone!: string;
  @ApiProperty({ format: 'date-time', description: 'Of what it is about, included.' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'Of what it is about, not included.' }) to!: string;
  @ApiProperty({
    format: 'date-time',
    description: 'Every event that was stored until then is in it; none came to its days since.',
  })
  asOf!: string;
}
