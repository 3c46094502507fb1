import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { Clock } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import { ChangeRetention } from '../../application/change-retention';
import { ReadRetention } from '../../application/read-retention';
import { ChangeRetentionRequest } from './retention.request';
import { RetentionResponse } from './retention.response';

/** How long the caller's tenant keeps its events. */
@ApiTags('retention')
@Controller('events/retention')
export class RetentionController {
  constructor(
    private readonly readRetention: ReadRetention,
    private readonly changeRetention: ChangeRetention,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Authorize({ scopes: ['tenant:read'] })
  @ApiOperation({ summary: 'How long events are kept' })
  @ApiOkResponse({ type: RetentionResponse })
  async read(@CurrentPerson() { tenantId }: Person): Promise<RetentionResponse> {
    return RetentionResponse.of(await this.readRetention.execute(tenantId), this.clock.now());
  }

  @Put()
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @ApiOperation({
    summary: 'Change how long events are kept',
    description:
      'What a shorter time leaves out is deleted by the next hourly upkeep, its newest month in the first eight days of a month only after them, and never comes back, neither by a longer time set later nor by sending it again. Audited.',
  })
  @ApiOkResponse({ type: RetentionResponse })
  @ApiUnprocessableEntityResponse({ description: '`invalid_retention`: fewer months for critical events' })
  async change(
    @CurrentPerson() { tenantId, userId }: Person,
    @Body() { months, criticalMonths }: ChangeRetentionRequest,
  ): Promise<RetentionResponse> {
    const policy = await this.changeRetention.execute(tenantId, { months, criticalMonths }, { userId });
    return RetentionResponse.of(policy, this.clock.now());
  }
}
