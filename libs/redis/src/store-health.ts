/** For readiness: is the store there? */
export abstract class StoreHealth {
  /** @throws StoreUnavailable */
  abstract ping(): Promise<void>;
}
