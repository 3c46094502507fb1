import { Controller, Delete, Get, Header, HttpCode, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { NoQuery, RateLimit } from '@libs/http';
import { requestContext } from '@libs/kernel';
import { ErasureRequestedResponse, ErasureResponse, RequestErasure, ShowErasure } from '@libs/persons';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import type { FastifyReply } from 'fastify';

@ApiTags('analytics')
@Controller('analytics')
export class PeopleController {
  constructor(
    private readonly requestErasure: RequestErasure,
    private readonly showErasure: ShowErasure,
  ) {}

  @Delete('users/:userId')
  @HttpCode(202)
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  // By tenant: an erasure makes every consumer of events wait for a moment.
  @RateLimit({
    name: 'person-erasure',
    limit: 30,
    windowSeconds: 60,
    key: () => requestContext.tenantId(),
    whenAway: 'in_process',
  })
  @ApiOperation({
    summary: 'Erase a person',
    description:
      'The same as `DELETE /events/users/:userId`, whichever is asked: everything of theirs until now goes from every store of events, the raw ones and the sessions here, and is not admitted again when it comes late or is sent again; what the person does later is new. The days that they were in are counted again without them; the erasure is `completed` when all are. Cannot be undone. Stands in the audit log as `analytics.person_erasure_requested`, and as `analytics.person_erased` once it is done.',
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
    void reply.header('location', `/api/v1/analytics/erasures/${erasureId}`);
    return { erasureId };
  }

  @Get('erasures/:id')
  @Authorize({ scopes: ['tenant:write'] })
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'How far an erasure is here',
    description: 'Also of one that events was asked for. What events has of the person it tells itself.',
  })
  @ApiOkResponse({ type: ErasureResponse })
  @ApiResponse({ status: 404, description: 'erasure_not_found, also for what belongs to another tenant' })
  async progress(
    @Param('id') id: string,
    @Query() _query: NoQuery,
    @CurrentPerson() { tenantId }: Person,
  ): Promise<ErasureResponse> {
    return ErasureResponse.of(await this.showErasure.execute(tenantId, id));
  }
}
