import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { stopIdlePolling } from './idle-polling';

describe('stopIdlePolling', () => {
  beforeAll(() => stopIdlePolling());

  it('arms no timer while nothing waits', () => {
    const queue = { pending: [] as unknown[], throttledUntil: -1, throttleCheckTimeoutId: null };
    RequestQueue.prototype.scheduleCheckPendingRequests.call(queue as unknown as RequestQueue);
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it('looks again soon while something waits', () => {
    const queue = {
      pending: [{}],
      throttledUntil: -1,
      throttleCheckTimeoutId: null as NodeJS.Timeout | null,
      checkPendingRequests: () => undefined,
    };
    RequestQueue.prototype.scheduleCheckPendingRequests.call(queue as unknown as RequestQueue);
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    clearTimeout(queue.throttleCheckTimeoutId ?? undefined);
  });
});
