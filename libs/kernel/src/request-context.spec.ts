import { TenantId } from './ids';
import { requestContext } from './request-context';

describe('requestContext', () => {
  it('keeps two errands that run at once apart', async () => {
    const errand = (tenantId: TenantId): Promise<TenantId> =>
      requestContext.run({ requestId: tenantId, tenantId }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return requestContext.tenantId();
      });
    const [first, second] = await Promise.all([errand('t-1' as TenantId), errand('t-2' as TenantId)]);
    expect([first, second]).toEqual(['t-1', 't-2']);
  });

  it('has no tenant where nobody authenticated', () => {
    expect(() => requestContext.tenantId()).toThrow('not authenticated');
    expect(() => requestContext.run({ requestId: 'r' }, () => requestContext.tenantId())).toThrow(
      'not authenticated',
    );
  });
});
