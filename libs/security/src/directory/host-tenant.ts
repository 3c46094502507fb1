import { createParamDecorator, ExecutionContext, Injectable, PipeTransform } from '@nestjs/common';
import { HostedRequest } from './request-host';
import { TenantGate } from './tenant-gate';
import { KnownTenant } from './tenant-index';

@Injectable()
class HostToTenant implements PipeTransform<HostedRequest, KnownTenant | undefined> {
  constructor(private readonly gate: TenantGate) {}

  transform(request: HostedRequest): KnownTenant | undefined {
    return this.gate.ownerOf(request);
  }
}

const Request = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<HostedRequest>(),
);

/**
 * The tenant whose host a request was sent to, for routes without a token: a KnownTenant, or undefined on a neutral host.
 * The request fails with WrongHost on a host that is nobody's. Needs DirectoryModule in the controller's module.
 */
export const HostTenant = (): ParameterDecorator => Request(HostToTenant);
