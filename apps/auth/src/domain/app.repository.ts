import { App } from './app';

/** The applications of the tenant of the transaction. */
export abstract class AppRepository {
  /** @throws AppNameTaken, TooManyApps when there are `most` already */
  abstract add(app: App, most?: number): Promise<void>;

  /** Keeps its new name. @throws AppNameTaken */
  abstract rename(app: App): Promise<void>;

  abstract find(id: string): Promise<App | undefined>;

  /** In order of their making, from after the one with the id `after`. */
  abstract list(limit: number, after?: string): Promise<App[]>;
}
