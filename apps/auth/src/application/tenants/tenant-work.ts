import { newId, requestContext, TenantId, TenantTransaction } from '@libs/kernel';

/**
 * Runs `work` in a transaction of `tenantId`, for the few steps that come before a verified access token says the
 * tenant: registering it, signing in to it, refreshing. The tenant was proven by other means.
 */
export function inTenant<T>(
  transaction: TenantTransaction,
  tenantId: TenantId,
  work: () => Promise<T>,
): Promise<T> {
  const context = requestContext.current() ?? { requestId: newId() };
  return requestContext.run({ ...context, tenantId }, () => transaction.run(work));
}
