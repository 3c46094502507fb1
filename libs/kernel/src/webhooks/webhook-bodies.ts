import { TenantId } from '../ids';

/** What is about to be sent. */
export interface DeliveryToTell {
  tenantId: TenantId;
  id: string;
  webhookId: string;
  type: string;
  /** As it was added. */
  subject: unknown;
  createdAt: Date;
}

/** What a delivery says, looked up each time it is sent: so no copy of it lies in the log, and what was erased is not told. */
export abstract class WebhookBodies {
  /**
   * Called inside a transaction of the delivery's tenant.
   * @returns `data` of the body, at most 4 MiB as JSON; undefined when nothing is left to tell: the delivery is cancelled
   */
  abstract of(delivery: DeliveryToTell): Promise<object | undefined>;
}
