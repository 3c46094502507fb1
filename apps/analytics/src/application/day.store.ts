import { TenantId } from '@libs/kernel';
import { BuiltDay, DueDay, TouchedDay } from '../domain/due-days';
import { AppKey } from './rollup.store';

export interface ChangedApp extends AppKey {
  /** Grows with every change. */
  seq: string;
  changedAt: Date;
}

/** The days that are made of quarters of an hour. */
export abstract class DayStore {
  /** Every application; outside any transaction. */
  abstract apps(): Promise<ChangedApp[]>;
  /** In the open transaction, as the next ones. */
  abstract touched(app: AppKey): Promise<TouchedDay[]>;
  abstract built(app: AppKey, timeZone: string): Promise<BuiltDay[]>;
  /**
   * Makes a day of its quarters, unless somebody else does, or it is what they come to already.
   * @returns whether it was made @throws DayChanged where its quarters changed meanwhile
   */
  abstract build(app: AppKey, timeZone: string, day: DueDay): Promise<boolean>;
  /** Days in zones that the tenant has left. */
  abstract dropOthers(app: AppKey, timeZone: string): Promise<void>;
}

/** The quarters that a day is made of changed meanwhile: it is made later. */
export class DayChanged extends Error {
  constructor(readonly tenantId: TenantId) {
    super('a day changed while it was made');
  }
}
