declare module 'kafkajs/src/network/requestQueue/index.js' {
  /** The part of kafkajs' request queue that idle-polling.ts mends. */
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
}
