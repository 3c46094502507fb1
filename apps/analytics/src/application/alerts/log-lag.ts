/** How far behind the log this service's consumers are. */
export abstract class LogLag {
  /** For how long the oldest event has waited that is not stored yet; 0 where none waits, undefined where nobody knows. */
  abstract oldestUnreadMs(): Promise<number | undefined>;
}
