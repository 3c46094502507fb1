import { TenantId } from '../ids';

/** An active webhook, and what it wants to be told. */
export interface Subscription {
  webhookId: string;
  /** `event.page_view`, `event.*`. */
  events: readonly string[];
  /** The one application it is about; absent: all of the tenant's. */
  appId?: string;
}

/** Who wants to be told of what, as this process saw it within the last second; asking costs no query. */
export abstract class WebhookSubscriptions {
  /** Nearly always empty: then nothing need be looked at. */
  abstract of(tenantId: TenantId): readonly Subscription[];
}

/** Whether `subscription` wants `type` of `appId`. What is about no application is for those of all applications. */
export function wants(subscription: Subscription, type: string, appId?: string): boolean {
  if (subscription.appId !== undefined && subscription.appId !== appId) return false;
  return subscription.events.some((wanted) => isOfPattern(type, wanted));
}

/** `event.*` is every type that begins with `event.`; anything else is itself alone. */
function isOfPattern(type: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
