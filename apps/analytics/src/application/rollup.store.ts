import { TenantId } from '@libs/kernel';
import { RollupDelta } from '../domain/rollup-delta';

/** An application of a tenant. */
export interface AppKey {
  tenantId: TenantId;
  appId: string;
}

/** An application, and when the newest of its events happened, RFC 3339. */
export interface ChangingApp extends AppKey {
  newest: string;
}

/** A UTC day (`YYYY-MM-DD`) of an application. */
export interface AppDay extends AppKey {
  day: string;
}

/** The quarters of an hour, their dimensions, and the marks of what changed, in the open transaction. */
export abstract class RollupStore {
  /**
   * Locks applications until the transaction ends; whoever else changes what is made of their events waits. They come in the order
   * of their keys. It comes after the raw events are written: whoever holds an application never waits for one of those.
   */
  abstract lock(apps: readonly ChangingApp[]): Promise<void>;
  /** Adds what new events come to, of applications that are locked. */
  abstract add(delta: RollupDelta): Promise<void>;
  /** Says that something of these days changed: what was computed from them before is outdated. After lock(), each day once. */
  abstract touch(days: readonly AppDay[]): Promise<void>;
}
