import { AsyncLocalStorage } from 'node:async_hooks';
import { TenantId, UserId } from './ids';

/**
 * Who asks, on which errand. Opened once at the edge (an HTTP request, a received batch) and read wherever it is
 * needed: logs, envelopes, the tenant transaction. The tenant is set by the verified token alone.
 */
export interface RequestContext {
  requestId: string;
  traceparent?: string;
  tenantId?: TenantId;
  userId?: UserId;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const requestContext = {
  run: <T>(context: RequestContext, work: () => T): T => storage.run(context, work),
  current: (): RequestContext | undefined => storage.getStore(),

  /** @throws Error when no authenticated tenant is in context: a programming error, never a user's */
  tenantId(): TenantId {
    const tenantId = storage.getStore()?.tenantId;
    if (!tenantId) throw new Error('no tenant in context: the route is not authenticated');
    return tenantId;
  },
};
