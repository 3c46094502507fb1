import { Provider } from '@nestjs/common';
import { openContext, TestDatabase, testDatabase } from '@libs/testing';
import { Client } from 'pg';
import { analyticsSchema } from '../src/analytics.schema';
import { TenantZones } from '../src/application/tenant-zones';
import { days } from '../src/days.wiring';
import { PostgresTenantZones } from '../src/infrastructure/postgres/postgres-tenant-zones';
import { BuildDaysSchedule } from '../src/interfaces/schedule/build-days.schedule';
import { storing } from '../src/storing.wiring';
import { readingProviders } from './reading-providers';

export const TEST_PSEUDONYM_SECRET = 'a secret of pseudonyms for tests only';

/** Makes days when it is told to. */
export const makingDays: Provider[] = [
  ...days.providers.filter((provider) => provider !== BuildDaysSchedule),
  { provide: TenantZones, useClass: PostgresTenantZones },
];

/** Adapters of this context, connected as `role` would be. */
export function openAnalytics(database: TestDatabase, role: string, providers: Provider[]) {
  return openContext(database, { schema: 'analytics', role, providers });
}

export type Analytics = Awaited<ReturnType<typeof openAnalytics>>;

/** A database of its own, its owner, and adapters connected to it as their roles would be: all of it is closed together. */
export class AnalyticsDatabase {
  private readonly opened: Analytics[] = [];

  private constructor(
    private readonly database: TestDatabase,
    /** Sees and may do everything. */
    readonly admin: Client,
  ) {}

  static async create(): Promise<AnalyticsDatabase> {
    const database = await testDatabase([analyticsSchema]);
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    return new AnalyticsDatabase(database, admin);
  }

  /** What stores events, and `more`. */
  worker(...more: Provider[]): Promise<Analytics> {
    return this.as('analytics_worker', [
      ...storing({ pseudonymSecret: TEST_PSEUDONYM_SECRET }).providers,
      ...more,
    ]);
  }

  /** What reports are read with, and `more`. */
  api(...more: Provider[]): Promise<Analytics> {
    return this.as('analytics_api', [...readingProviders, ...more]);
  }

  async as(role: string, providers: Provider[]): Promise<Analytics> {
    const analytics = await openAnalytics(this.database, role, providers);
    this.opened.push(analytics);
    return analytics;
  }

  urlFor(role: string): string {
    return this.database.urlFor(role);
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.end(), ...this.opened.map((analytics) => analytics.close())]);
    await this.database.drop();
  }
}
