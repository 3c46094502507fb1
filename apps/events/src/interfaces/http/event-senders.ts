import { Injectable } from '@nestjs/common';
import { addressOf, bringsWriteKey } from '@libs/http';
import { Principal, TenantDirectory } from '@libs/security';
import type { FastifyRequest } from 'fastify';
import { Sender } from '../../application/delivery';
import { ApplicationUnknown } from '../../domain/collect.errors';

/** Longer ones are made up, and only cost time. */
const MAX_USER_AGENT = 1_024;

/** Knows who sends events, by what the guard and the connection say. */
@Injectable()
export class EventSenders {
  constructor(private readonly tenants: TenantDirectory) {}

  /** @throws ApplicationUnknown */
  of(principal: Principal, request: FastifyRequest): Sender {
    const person = principal.kind === 'person';
    return {
      tenantId: principal.tenantId,
      appId: person ? this.defaultAppOf(principal.tenantId) : principal.appId,
      userId: person ? principal.userId : undefined,
      ip: addressOf(request),
      userAgent: person || bringsWriteKey(request) || isBrowser(request) ? userAgentOf(request) : undefined,
    };
  }

  private defaultAppOf(tenantId: string): string {
    const appId = this.tenants.byId(tenantId)?.defaultAppId;
    if (appId === undefined) throw new ApplicationUnknown();
    return appId;
  }
}

/** A program with a key speaks for others: its own user agent says nothing of theirs. */
function isBrowser({ raw }: FastifyRequest): boolean {
  return raw.headers.origin !== undefined;
}

function userAgentOf({ raw }: FastifyRequest): string | undefined {
  return raw.headers['user-agent']?.slice(0, MAX_USER_AGENT);
}
