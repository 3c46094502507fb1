import { ApiPropertyOptional } from '@nestjs/swagger';
import { check } from '@libs/http';
import { EXPORT_FORMATS, ExportFormat } from './person-file';

/** The query string of GET /events/users/:userId/export. */
export class ExportPersonQuery {
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'json' })
  @check(
    'format',
    'malformed_format',
    (value) => typeof value === 'string' && EXPORT_FORMATS.some((format) => format === value),
    `must be one of ${EXPORT_FORMATS.join(', ')}`,
  )
  format: ExportFormat = 'json';
}
