import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Report } from '../../application/report-cache';

/** The body is JSON text already: Fastify sends a string as it is. */
export function sendReport(reply: FastifyReply, { body, cached, ageSeconds }: Report): string {
  void reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('x-cache', cached ? 'HIT' : 'MISS')
    .header('age', ageSeconds);
  return body;
}

/** What the document says of a report's answers; `codes` are those of 422 beside the ones that every report has. */
export function ApiReport(type: new () => object, ...codes: string[]): MethodDecorator {
  return applyDecorators(
    ApiOkResponse({
      type,
      headers: {
        'X-Cache': { description: 'HIT or MISS', schema: { type: 'string' } },
        Age: {
          description: 'Seconds since it was computed; nothing that it is about has changed since',
          schema: { type: 'integer' },
        },
      },
    }),
    ApiResponse({
      status: 400,
      description: 'malformed_app_id, malformed_start_date, malformed_end_date, …',
    }),
    ApiResponse({ status: 403, description: "wrong_app: an API key reads its own application's reports" }),
    ApiResponse({
      status: 422,
      description: ['invalid_period', 'period_too_long', 'unknown_time_zone', ...codes].join(', '),
    }),
    ApiResponse({ status: 503, description: 'application_unknown, database_unavailable; see Retry-After' }),
  );
}
