import { Readable } from 'node:stream';
import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authorize, CurrentPrincipal, Principal } from '@libs/security';
import { ExportEvents } from '../../application/raw/export-events';
import { IdentitiesNotAllowed } from '../../domain/raw-report.errors';
import { EXPORT_TYPES, eventFile } from './event-file';
import { HeavyReport } from './heavy-report';
import { mayIdentify } from './may-identify';
import { ReportScopes } from './period.query';
import { ExportQuery } from './raw-report.query';

@ApiTags('analytics')
@Controller('analytics')
export class ExportController {
  constructor(
    private readonly scopes: ReportScopes,
    private readonly exportEvents: ExportEvents,
  ) {}

  @Get('export')
  @Authorize({ scopes: ['analytics:read'], keys: true })
  @HeavyReport('export', 10)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The raw events of a time, as a file',
    description:
      'Type after type by name, each oldest first. Who is who is told by `visitor` alone; with `identities=true`, for people with `tenant:write`, by the ids of users, devices and sessions, too, with the address of the sender and user agent. Streamed, at most two at a time, and one that nobody reads on for two minutes may give way to the next: a connection that breaks off means that the file is not whole. Stands in the audit log as `analytics.exported`.',
  })
  @ApiProduces(...Object.values(EXPORT_TYPES))
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({
    status: 400,
    description: 'malformed_format, malformed_event_type, malformed_identities, …',
  })
  @ApiResponse({ status: 403, description: 'wrong_app, identities_not_allowed' })
  @ApiResponse({ status: 422, description: 'invalid_period, period_too_long, unknown_time_zone' })
  async export(
    @Query() query: ExportQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamableFile> {
    const { format, eventType } = query;
    const identities = query.identities === 'true';
    if (identities && !mayIdentify(principal)) throw new IdentitiesNotAllowed();
    const scope = await this.scopes.of(query, principal);
    const by = { id: principal.userId, kind: principal.kind };
    const events = await this.exportEvents.execute(scope, { eventType, format, identities, by });
    const { from, to, timeZone } = scope.period;
    const head = { appId: scope.appId, timeZone, from, to, asOf: events.exportedAt };
    const text = eventFile(events, { format, identities, head });
    const file = Readable.from(text, { objectMode: false, signal: events.signal });
    // also where the client left before a byte was read
    file.once('close', events.end);
    return new StreamableFile(file, {
      type: EXPORT_TYPES[format],
      disposition: `attachment; filename="events.${format}"`,
    });
  }
}
