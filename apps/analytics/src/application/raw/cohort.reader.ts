import { TenantId } from '@libs/kernel';
import { Cohorts, Returned } from '../../domain/cohorts';

/** Without a type any event counts. */
export interface CohortEvents {
  startEvent?: string;
  returnEvent?: string;
}

export abstract class CohortReader {
  /** Sizes by cohort, and who came back when. @throws ReportTooHeavy */
  abstract read(
    tenantId: TenantId,
    appId: string,
    cohorts: Cohorts,
    events: CohortEvents,
  ): Promise<{ sizes: ReadonlyMap<number, number>; returned: Returned[] }>;
}
