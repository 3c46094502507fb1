import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Idempotent } from '@libs/http';
import { Authorize } from '@libs/security';
import { AddDomain } from '../../application/tenants/add-domain';
import { ListDomains } from '../../application/tenants/list-domains';
import { RemoveDomain } from '../../application/tenants/remove-domain';
import { VerifyDomain } from '../../application/tenants/verify-domain';
import { AddDomainRequest } from './tenants.request';
import { DomainResponse, DomainsResponse } from './tenants.response';

@ApiTags('tenants')
@Controller('tenants/me/domains')
export class DomainsController {
  constructor(
    private readonly listDomains: ListDomains,
    private readonly addDomain: AddDomain,
    private readonly verifyDomain: VerifyDomain,
    private readonly removeDomain: RemoveDomain,
  ) {}

  @Get()
  @Authorize({ scopes: ['tenant:read'] })
  @ApiOperation({ summary: "The tenant's own host names, proven or not" })
  @ApiOkResponse({ type: DomainsResponse })
  async list(): Promise<DomainsResponse> {
    const domains = await this.listDomains.execute();
    return { items: domains.map((each) => DomainResponse.of(each)), nextCursor: null };
  }

  @Post()
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @Idempotent()
  @ApiOperation({ summary: 'Adds a host name; it has no effect until DNS shows the record of the answer' })
  @ApiCreatedResponse({ type: DomainResponse })
  @ApiConflictResponse({ description: '`too_many_domains`' })
  @ApiUnprocessableEntityResponse({ description: '`invalid_domain`' })
  async add(@Body() { domain }: AddDomainRequest): Promise<DomainResponse> {
    return DomainResponse.of(await this.addDomain.execute(domain));
  }

  @Post(':domain/verification')
  @Authorize({ scopes: ['tenant:write'] })
  @HttpCode(200)
  @ApiOperation({ summary: 'Looks for the record in DNS; may be repeated until it is there' })
  @ApiOkResponse({ type: DomainResponse })
  @ApiNotFoundResponse({ description: '`domain_not_found`' })
  @ApiConflictResponse({ description: '`domain_not_proven`, `domain_taken`' })
  @ApiServiceUnavailableResponse({ description: '`dns_unavailable`' })
  async verify(@Param('domain') domain: string): Promise<DomainResponse> {
    return DomainResponse.of(await this.verifyDomain.execute(domain));
  }

  @Delete(':domain')
  @Authorize({ scopes: ['tenant:write'], stepUp: true })
  @HttpCode(204)
  @ApiOperation({ summary: "Gives a host name up: requests to it are nobody's from then on" })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: '`domain_not_found`' })
  async remove(@Param('domain') domain: string): Promise<void> {
    await this.removeDomain.execute(domain);
  }
}
