import { Readable } from 'node:stream';
import { Controller, Delete, Get, Header, HttpCode, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { NoQuery, RateLimit } from '@libs/http';
import { requestContext } from '@libs/kernel';
import { ErasureRequestedResponse, ErasureResponse, RequestErasure, ShowErasure } from '@libs/persons';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import type { FastifyReply } from 'fastify';
import { ExportPerson } from '../../application/people/export-person';
import { CONTENT_TYPES, personFile } from './person-file';
import { ExportPersonQuery } from './export-person.query';

/** By tenant: an export reads for long, and an erasure makes every sink wait for a moment. */
const IN_A_MINUTE = {
  windowSeconds: 60,
  key: () => requestContext.tenantId(),
  whenAway: 'in_process',
} as const;

@ApiTags('events')
@Controller('events')
export class PeopleController {
  constructor(
    private readonly exportPerson: ExportPerson,
    private readonly requestErasure: RequestErasure,
    private readonly showErasure: ShowErasure,
  ) {}

  @Get('users/:userId/export')
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @RateLimit({ ...IN_A_MINUTE, name: 'person-export', limit: 30 })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Everything the sinks hold of one person, as a file',
    description:
      'Critical events, transactions, notifications, insights and what was rejected: what an erasure would delete. For people who may erase, after a fresh sign-in. Streamed; a connection that breaks off means that the file is not whole. Stands in the audit log as `events.person_exported`.',
  })
  @ApiProduces(...Object.values(CONTENT_TYPES))
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 400, description: 'malformed_user_id, malformed_format' })
  async export(
    @Param('userId') userId: string,
    @Query() { format }: ExportPersonQuery,
    @CurrentPerson() { tenantId, userId: by }: Person,
  ): Promise<StreamableFile> {
    const person = await this.exportPerson.execute({ tenantId, userId, format, by });
    return new StreamableFile(Readable.from(personFile(format, person), { objectMode: false }), {
      type: CONTENT_TYPES[format],
      disposition: `attachment; filename="person.${format}"`,
    });
  }

  @Delete('users/:userId')
  @HttpCode(202)
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @RateLimit({ ...IN_A_MINUTE, name: 'person-erasure', limit: 30 })
  @ApiOperation({
    summary: 'Erase a person',
    description:
      'Everything of theirs until now goes from every store of events, and is not admitted again when it comes late or is sent again; what the person does later is new. Cannot be undone. Stands in the audit log as `events.person_erasure_requested`, and as `events.person_erased` once it is done.',
  })
  @ApiResponse({ status: 202, type: ErasureRequestedResponse })
  @ApiResponse({ status: 400, description: 'malformed_user_id, unknown_property' })
  async erase(
    @Param('userId') userId: string,
    // who names an application would believe that only that one forgets
    @Query() _query: NoQuery,
    @CurrentPerson() person: Person,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ErasureRequestedResponse> {
    const { tenantId, userId: by } = person;
    const erasureId = await this.requestErasure.execute({ tenantId, userId, by });
    void reply.header('location', `/api/v1/events/erasures/${erasureId}`);
    return { erasureId };
  }

  @Get('erasures/:id')
  @Authorize({ scopes: ['tenant:write'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'How far an erasure is' })
  @ApiOkResponse({ type: ErasureResponse })
  @ApiResponse({ status: 404, description: 'erasure_not_found, also for what belongs to another tenant' })
  async progress(@Param('id') id: string, @CurrentPerson() { tenantId }: Person): Promise<ErasureResponse> {
    return ErasureResponse.of(await this.showErasure.execute(tenantId, id));
  }
}
