import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { Money } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import { ChangeTenant } from '../../application/tenants/change-tenant';
import { DescribeTenant } from '../../application/tenants/describe-tenant';
import { ChangeTenantRequest } from './tenants.request';
import { TenantSettingsResponse } from './tenants.response';

@ApiTags('tenants')
@Controller('tenants/me')
export class TenantsController {
  constructor(
    private readonly describeTenant: DescribeTenant,
    private readonly changeTenant: ChangeTenant,
  ) {}

  @Get()
  @Authorize({ scopes: ['tenant:read'] })
  @ApiOperation({ summary: "The caller's tenant and its settings" })
  @ApiOkResponse({ type: TenantSettingsResponse })
  async describe(): Promise<TenantSettingsResponse> {
    return TenantSettingsResponse.of(await this.describeTenant.execute());
  }

  @Patch()
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @ApiOperation({ summary: 'Changes settings; what is absent stays' })
  @ApiOkResponse({ type: TenantSettingsResponse })
  @ApiUnprocessableEntityResponse({
    description:
      '`blank_name`, `unknown_time_zone`, `invalid_origin`, `negative_night_limit`; `second_factor_missing`: who asks for one has none',
  })
  async change(
    @CurrentPerson() { tenantId, userId, sessionId }: Person,
    @Body() body: ChangeTenantRequest,
  ): Promise<TenantSettingsResponse> {
    const { nightLimit, ...rest } = body;
    const limit = nightLimit === undefined ? {} : { nightLimit: Money.parse(nightLimit) };
    const by = { tenantId, userId, sessionId };
    return TenantSettingsResponse.of(await this.changeTenant.execute({ ...rest, ...limit }, by));
  }
}
