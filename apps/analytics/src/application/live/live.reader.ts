import { TenantId } from '@libs/kernel';
import { LiveCounts } from './live-counts';

export interface WatchedApp {
  readonly tenantId: TenantId;
  readonly appId: string;
}

/** How far an application has come. */
export interface LiveState extends WatchedApp {
  readonly seq: string;
}

/** One look at the database's clock, and at every application that is watched. */
export interface LiveLook {
  readonly clock: Date;
  readonly states: readonly LiveState[];
}

/** Reads where reports are read. */
export abstract class LiveReader {
  abstract look(apps: readonly WatchedApp[]): Promise<LiveLook>;
  /** Of applications of one tenant's, in one statement, and so of one moment. */
  abstract counts(tenantId: TenantId, appIds: readonly string[], asOf: Date): Promise<LiveCounts[]>;
}
