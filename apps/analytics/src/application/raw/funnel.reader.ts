import { TenantId } from '@libs/kernel';
import { Funnel, StepReached } from '../../domain/funnel';

export abstract class FunnelReader {
  /**
   * Per step, who got there. A visitor is counted once a step, by their best start within [from, to); later steps may come after
   * `to`. The time to a step is that of the first time they reached it, from the latest start that leads there.
   * @throws ReportTooHeavy
   */
  abstract read(
    tenantId: TenantId,
    appId: string,
    funnel: Funnel,
    period: { from: Date; to: Date },
  ): Promise<StepReached[]>;
}
