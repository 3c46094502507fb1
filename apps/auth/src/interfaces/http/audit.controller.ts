import { Readable } from 'node:stream';
import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { pageOf, RateLimit } from '@libs/http';
import { requestContext } from '@libs/kernel';
import { Authorize } from '@libs/security';
import { AuditVerifier } from '../../application/audit/audit-reader';
import { ExportAudit } from '../../application/audit/export-audit';
import { ListAudit } from '../../application/audit/list-audit';
import { auditFile } from './audit-file';
import { auditCursorOf, AuditExportQuery, auditFilterOf, auditPositionOf, AuditQuery } from './audit.query';
import { AuditEntryResponse, AuditPageResponse, AuditVerdictResponse } from './audit.response';

/** Both read a whole log: some at a time from one tenant. */
const WHOLE_LOG = {
  windowSeconds: 60,
  limit: 6,
  key: () => requestContext.tenantId(),
  whenAway: 'in_process',
} as const;

@ApiTags('tenants')
@Controller('tenants/me/audit')
export class AuditController {
  constructor(
    private readonly listAudit: ListAudit,
    private readonly exportAudit: ExportAudit,
    private readonly verifier: AuditVerifier,
  ) {}

  @Get()
  @Authorize({ scopes: ['audit:read'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: "The tenant's audit log, newest first" })
  @ApiOkResponse({ type: AuditPageResponse })
  async list(@Query() query: AuditQuery): Promise<AuditPageResponse> {
    const entries = await this.listAudit.execute({
      filter: auditFilterOf(query),
      limit: query.limit,
      before: auditPositionOf(query.cursor),
    });
    const { items, nextCursor } = pageOf(entries, query.limit, ({ seq }) => auditCursorOf(seq));
    return { items: items.map((entry) => AuditEntryResponse.of(entry)), nextCursor };
  }

  @Get('export')
  @Authorize({ scopes: ['audit:read'] })
  @RateLimit({ ...WHOLE_LOG, name: 'audit-export' })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The audit log as a file, oldest first',
    description:
      'Streamed; a connection that breaks off means that the file is not whole. Each line carries its MAC, so that a kept file shows later what the log was. The export itself is the last entry, where the filter admits it.',
  })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(@Query() query: AuditExportQuery): Promise<StreamableFile> {
    const { format } = query;
    const pieces = await this.exportAudit.execute({ filter: auditFilterOf(query), format });
    return new StreamableFile(Readable.from(auditFile(format, pieces), { objectMode: false }), {
      type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      disposition: `attachment; filename="audit.${format}"`,
    });
  }

  @Get('verify')
  @Authorize({ scopes: ['audit:read'] })
  @RateLimit({ ...WHOLE_LOG, name: 'audit-verify' })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Whether the audit log is as it was written',
    description:
      'Recomputes the chain of MACs: finds entries that were altered, removed, put in or put in another order.',
  })
  @ApiOkResponse({ type: AuditVerdictResponse })
  async verify(): Promise<AuditVerdictResponse> {
    return AuditVerdictResponse.of(await this.verifier.verify());
  }
}
