import { TenantId } from '../ids';

/** Something that webhooks of a tenant are to be told: a reference, never a copy of what it is about. */
export interface NewDelivery {
  tenantId: TenantId;
  /** Told to this one alone; absent: to every active webhook of the tenant that wants `type` of `appId`. */
  webhookId?: string;
  /** `event.page_view`, `alert.fired`. */
  type: string;
  /** The application it is about. */
  appId?: string;
  /** Whatever finds again what it is about once it is sent: ids and times, no personal data. JSON. */
  subject: object;
  /** Says which it is, at most 200 characters: the same webhook is told the same once, however often it is added. */
  subjectKey: string;
}

/** Has webhooks told of something, in the transaction that the something is written in. */
export abstract class EnqueueDeliveries {
  /**
   * One statement or two, however many. A webhook that is paused, disabled or gone is not told: nothing of this ever makes the
   * transaction fail. Wakes the sender of this process once it has committed.
   * @throws Error outside a TenantTransaction
   */
  abstract add(deliveries: readonly NewDelivery[]): Promise<void>;
}
