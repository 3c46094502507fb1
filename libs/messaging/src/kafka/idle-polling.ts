import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/**
 * kafkajs 2.2.4 re-arms a timer after every answer with `throttledUntil - now`, which is negative unless the broker
 * throttles: Node makes that 1 ms, for ever, on each connection (and Node 24 warns). Its own request path wakes the
 * queue whenever an answer frees a slot, so the timer is needed only while something waits or is throttled.
 */
export function stopIdlePolling(): void {
  if (patched) return;
  patched = true;
  const { prototype } = RequestQueue;
  const original: (this: RequestQueue) => void = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) original.call(this);
  };
}

let patched = false;
